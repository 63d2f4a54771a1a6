import { expect, test } from 'vitest'
import { editNumber, fillNumber } from './edit.ts'

/**
 * Plays keys at a caret, marked `|` in the text, as a browser would: what the input shows then, with its
 * caret.
 */
function play(before: string, key: string | 'Backspace' | 'Delete', digits?: number): string {
  const at = before.indexOf('|')
  const previous = before.replace('|', '')
  const [text, caret, inputType] =
    key === 'Backspace'
      ? [previous.slice(0, at - 1) + previous.slice(at), at - 1, 'deleteContentBackward']
      : key === 'Delete'
        ? [previous.slice(0, at) + previous.slice(at + 1), at, 'deleteContentForward']
        : [previous.slice(0, at) + key + previous.slice(at), at + key.length, 'insertText']
  const { value, caret: after } = editNumber({ text, caret, previous, inputType }, digits)
  return `${value.slice(0, after)}|${value.slice(after)}`
}

test.each([
  ['|', '1', undefined, '1|'],
  ['1234|', '5', undefined, '1234 5|'],
  ['1234 5678|', '9', undefined, '1234 5678 9|'],
  ['123|', '4', 6, '123 4|'],
  ['1234 567|', '8', 8, '1234 5678|'],
  ['12|34 5678', '9', undefined, '129|3 4567 8'],
  ['1234 |5678', 'Backspace', undefined, '123|5 678'],
  ['1234| 5678', 'Delete', undefined, '1234| 678'],
  ['1234 5|', 'Backspace', undefined, '1234|'],
  ['1|', 'Backspace', undefined, '|'],
  ['1234|', ' ', undefined, '1234|'],
  ['12|', '٣', undefined, '123|'],
  ['123|', 'x', undefined, '123x|'],
])('%s and then %s, of %s digits, is %s', (before, key, digits, after) => {
  expect(play(before, key, digits)).toBe(after)
})

test('letters stay as they were typed, and are no number', () => {
  const edited = editNumber({ text: '1234 x', caret: 6, previous: '1234 ', inputType: 'insertText' })
  expect(edited).toEqual({ value: '1234 x', caret: 6, number: undefined, hasLetters: true })
})

test('what a browser fills in is read from a sentence', () => {
  expect(fillNumber('Your code: 1234-5678', 8)).toMatchObject({ value: '1234 5678', number: '12345678' })
})

test('more digits than expected are kept', () => {
  expect(fillNumber('123456789', 8)).toMatchObject({ value: '123 456 789', number: '123456789' })
})
