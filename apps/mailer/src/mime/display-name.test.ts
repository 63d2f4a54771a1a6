import { expect, test } from 'vitest'
import { displayName } from './display-name.ts'

test('a name in a mail has at most 80 characters, however many bytes each has', () => {
  expect(displayName('x'.repeat(80))).toBe('x'.repeat(80))
  expect(displayName('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`)
  expect(displayName('😀'.repeat(81))).toBe(`${'😀'.repeat(79)}…`)
})

test('it is one line without control characters and encoded words', () => {
  expect(displayName(' Ada\r\nBcc: x@example.com\u202e \u0000 =?utf-8?q?x?= ')).toBe(
    'Ada Bcc: x@example.com = ?utf-8?q?x?=',
  )
})
