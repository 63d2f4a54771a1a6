import { expect, test } from 'vitest'
import { emailKey } from './email-address.ts'
import { readReportedAddress } from './reported-address.ts'

const keysOf = (given: string) => readReportedAddress(given).map(({ key }) => key)

test.each([
  ['gone@example.com'],
  ['Gone@EXAMPLE.com'],
  [' <gone@example.com> '],
  ['rfc822;gone@example.com'],
  ['rfc822; gone@example.com'],
  ['RFC822 ; <gone@example.com>'],
  ['utf-8; gone@example.com'],
  ['mailto:gone@example.com'],
  ['Gone Away <gone@example.com>'],
  ['"Away, Gone" <gone@example.com>'],
  ['"<eve@example.com>" <gone@example.com>'],
  ['gone@example.com (Gone Away)'],
  ['"gone"@example.com'],
  ['gone＠ｅｘａｍｐｌｅ.com'],
  ['g\\x{6F}ne@example.com'],
])('%j is that mailbox', (given) => {
  expect(keysOf(given)).toEqual(['gone@example.com'])
})

test.each([
  ['an IDN', 'rfc822; ada@Bücher.example', 'ada@bücher.example'],
  ['an IDN in punycode', '<ada@xn--bcher-kva.example>', 'ada@bücher.example'],
  ['a local part beyond ASCII', 'utf-8; jos\\x{E9}@example.com', 'josé@example.com'],
  ['the same decomposed', 'jose\u0301@example.com', 'josé@example.com'],
  ['a domain in RFC 6533’s form', 'utf-8;ada@b\\x{FC}cher.example', 'ada@bücher.example'],
  ['dots in odd places', 'rfc822;"a..b"@docomo.ne.jp', 'a..b@docomo.ne.jp'],
])('%s', (_what, given, mailbox) => {
  expect(keysOf(given)).toEqual([emailKey(mailbox)])
})

test('what may be xtext is both, as it stands first', () => {
  expect(keysOf('rfc822;ada+2Bcode@example.com')).toEqual(['ada+2bcode@example.com', 'ada+code@example.com'])
  expect(keysOf('ada+code@example.com')).toEqual(['ada+code@example.com'])
  expect(keysOf('ada+3Dx@example.com')).toEqual(['ada+3dx@example.com', 'ada=x@example.com'])
})

test.each([
  '',
  'rfc822;',
  'x400;/C=de/S=ada',
  'undisclosed-recipients:;',
  'ada@example.com, eve@example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  'a\\x{110000}b@example.com',
  'ada+0A@example..com',
  `Ada ${'x'.repeat(1000)} <ada@example.com>`,
])('%j names nobody', (given) => {
  expect(readReportedAddress(given)).toEqual([])
})

test('a line break in xtext is no address', () => {
  expect(keysOf('ada+0Ax@example.com')).toEqual(['ada+0ax@example.com'])
})
