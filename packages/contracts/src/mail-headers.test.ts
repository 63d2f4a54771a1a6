import { expect, test } from 'vitest'
import { mailHeaders } from './mail-headers.ts'

const isGood = (headers: unknown) => mailHeaders.safeParse(headers).success
const many = (count: number, value = 'v') =>
  Array.from({ length: count }, (_, i) => ({ name: `X-Header-${i}`, value }))

test('headers of providers are taken', () => {
  expect(
    isGood([
      { name: 'X-SES-CONFIGURATION-SET', value: 'codes' },
      { name: 'x-pm-message-stream', value: 'outbound' },
      { name: 'X-SMTPAPI', value: '{"category":["a b"]}' },
      { name: 'Feedback-ID', value: 'codes:acme:emailauth:1' },
      { name: 'IsTransactional', value: 'True' },
    ]),
  ).toBe(true)
  expect(isGood([])).toBe(true)
})

test.each([
  ['a header of the mail itself', 'Subject', 'x'],
  ['another recipient', 'Bcc', 'eve@example.com'],
  ['one that begins like one of the mail', 'Received', 'x'],
  ['no name', '', 'x'],
  ['a bare X-', 'X-', 'x'],
  ['a colon in the name', 'X-A: b', 'x'],
  ['a line break in the name', 'X-A\r\nBcc', 'x'],
  ['a line break in the value', 'X-A', 'b\r\nBcc: eve@example.com'],
  ['a bare line feed', 'X-A', 'b\nc'],
  ['a value beyond ASCII', 'X-A', 'ü'],
  ['a control character', 'X-A', 'a\u0000b'],
  ['an empty value', 'X-A', ''],
  ['a space at its end', 'X-A', 'b '],
  ['one that the mailer writes', 'X-Auto-Response-Suppress', 'None'],
  ['the one that names a mail to Postmark', 'x-pm-metadata-emailauth-id', 'x'],
  ['a name of 77 characters', `X-${'a'.repeat(75)}`, 'x'],
  ['a value of 901 characters', 'X-A', 'b'.repeat(901)],
])('%s is refused', (_what, name, value) => {
  expect(isGood([{ name, value }])).toBe(false)
})

test('its bounds: 10 headers, each name once, 900 characters a value, 4,000 in all', () => {
  expect(isGood(many(10))).toBe(true)
  expect(isGood(many(11))).toBe(false)
  expect(isGood([...many(1), { name: 'x-header-0', value: 'v' }])).toBe(false)
  expect(isGood([{ name: 'X-A', value: 'b'.repeat(900) }])).toBe(true)
  expect(isGood(many(4, 'b'.repeat(900)))).toBe(true)
  expect(isGood(many(5, 'b'.repeat(900)))).toBe(false)
})
