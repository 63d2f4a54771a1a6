import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('cells with commas, quotes and line ends are quoted; formulas are texts', () => {
  expect(toCsv([['a,b', 'say "x"', 'two\nlines', 'plain', 3, '']])).toBe(
    '"a,b","say ""x""","two\nlines",plain,3,',
  )
  expect(toCsv([['=1+1', '@x', '-2', -2]])).toBe("'=1+1,'@x,'-2,-2")
})
