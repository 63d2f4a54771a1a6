import { expect, test } from 'vitest'
import { cutText } from './cut-text.ts'

test.each([
  ['', 3, ''],
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['ab😀', 3, 'ab'],
  ['ab😀', 4, 'ab😀'],
  ['a😀b', 3, 'a😀'],
  ['😀', 1, ''],
])('%j of at most %d is %j', (text, most, cut) => {
  expect(cutText(text, most)).toBe(cut)
})
