import { expect, test } from 'vitest'
import { isMailable, parseMailbox } from './mailbox.ts'

test.each([
  'ada@example.com',
  'a+b@x',
  'ada@xn--bcher-kva.example',
  'josé@example.com',
  'ada..b@docomo.ne.jp',
  'ada.@docomo.ne.jp',
  `${'a'.repeat(64)}@x.y`,
])('%s can be written to', (address) => {
  expect(isMailable(address)).toBe(true)
})

test.each([
  '',
  '@',
  'ada',
  'ada@',
  '@example.com',
  'a@b@c',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com\n',
  'ada@example.com, eve@example.com',
  'ada @example.com',
  '<ada@example.com>',
  '"ada"@example.com',
  'ada@[127.0.0.1]',
  'ada@bücher.example',
  'ada@-x.com',
  'ada@example..com',
  'ada\u0000@example.com',
  'ada\u2028@example.com',
  `${'a'.repeat(65)}@x.y`,
  `a@${'b'.repeat(256)}`,
])('%j can not', (address) => {
  expect(isMailable(address)).toBe(false)
})

test.each([
  ['emailauth <no-reply@localhost>', { name: 'emailauth', address: 'no-reply@localhost' }],
  ['no-reply@example.com', { name: '', address: 'no-reply@example.com' }],
  ['"Ünï, Ltd" <a@b.c>', { name: 'Ünï, Ltd', address: 'a@b.c' }],
  ['"Acme (prod)" <no-reply@acme.example>', { name: 'Acme (prod)', address: 'no-reply@acme.example' }],
  ['"Acme: Support" <a@b.c>', { name: 'Acme: Support', address: 'a@b.c' }],
  ['Bücher <no-reply@bücher.example>', { name: 'Bücher', address: 'no-reply@xn--bcher-kva.example' }],
])('%s is a sender', (text, mailbox) => {
  expect(parseMailbox(text)).toEqual(mailbox)
})

test.each([
  '',
  'emailauth',
  'a..b@example.com',
  'x <a@b>\r\nBcc: c@d',
  'a@b, c@d',
  'group: a@b, c@d;',
  'x <a@b>\n',
])('%j is none', (text) => {
  expect(() => parseMailbox(text)).toThrow('must be one sender')
})

test.each([
  'Acme (prod) <no-reply@acme.example>',
  'Acme: Support <no-reply@acme.example>',
  'Acme; Support <no-reply@acme.example>',
  'josé <josé@acme.example>',
  'Acme =?utf-8?q?x?= <no-reply@acme.example>',
  'Acme  Inc <no-reply@acme.example>',
  `${'A'.repeat(90)} <no-reply@acme.example>`,
])('%j would be sent as another one, so it is refused', (text) => {
  expect(() => parseMailbox(text)).toThrow('must be one sender')
})
