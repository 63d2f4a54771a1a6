import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('cells with commas, quotes and line ends are quoted; formulas are texts', () => {
  expect(toCsv([['a,b', 'say "x"', 'two\nlines', 'plain', 3, '']])).toBe(
    '"a,b","say ""x""","two\nlines",plain,3,',
  )
  expect(toCsv([['=1+1', '@x', '-2', -2]])).toBe("'=1+1,'@x,'-2,-2")
})

test('so are formulas behind a semicolon, which is the end of a cell in other countries', () => {
  const hostile = ['550 no;=cmd', 'a;+1;-1', '＝1', '\t=1']
  expect(toCsv([hostile])).toBe(`"550 no;'=cmd","a;'+1;'-1",'＝1,"\t'=1"`)
})
