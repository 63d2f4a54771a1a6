import { expect, test } from 'vitest'
import { markFormulas, withoutMarks } from './spreadsheet-text.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@x', "'@x"],
  ['＝1＋1', "'＝1＋1"],
  ['550 no;=cmd', "550 no;'=cmd"],
  ['a;+1;-1', "a;'+1;'-1"],
  ['two\r\n=lines', "two\r\n'=lines"],
  ['\tfoo', "'\tfoo"],
  ['\t=1', "\t'=1"],
  ["it's a - b; c", "it's a - b; c"],
  ['', ''],
])('%j is marked as %j, and read as it was', (text, marked) => {
  expect(markFormulas(text)).toBe(marked)
  expect(withoutMarks(marked)).toBe(text)
})
