import { expect, test } from 'vitest'
import { withoutSecrets, withoutSignIn } from './without-secrets.ts'

const request = { email: 'a.d+a@example.com', number: '123456789012' }

test.each([
  ['250 OK: queued as 5F', '250 OK: queued as 5F'],
  ['550 5.1.1 <a.d+a@example.com>: no such user', '550 5.1.1 <…>: no such user'],
  ['550 A.D+A@EXAMPLE.COM unknown', '550 … unknown'],
  ['550 <a.d+a> unknown', '550 <…> unknown'],
  ['554 spam: "1234 5678 9012 is your number", 123456789012', '554 spam: "… is your number", …'],
  ['550-first\r\n550 second\u0000', '550-first 550 second'],
  ['', ''],
])('%j is kept as %j', (reply, kept) => {
  expect(withoutSecrets(reply, request)).toBe(kept)
})

test('an address that was written in quotes is not repeated either', () => {
  const reply = '550 5.1.1 <"a..b"@docomo.ne.jp>: no such user a..b@docomo.ne.jp'
  expect(withoutSecrets(reply, { email: 'a..b@docomo.ne.jp' })).toBe('550 5.1.1 <…>: no such user …')
})

test('a long reply is cut', () => {
  expect(withoutSecrets('x'.repeat(100_000), request)).toHaveLength(300)
  // Half a character would make JSON that many readers refuse, webhooks' receivers among them.
  expect(withoutSecrets(`x${'😀'.repeat(300)}`, request)).toBe(`x${'😀'.repeat(149)}`)
})

test('what was signed in with is not repeated', () => {
  const auth = { user: 'planted-user', pass: 'planted pass' }
  const reply = '535 5.7.8 planted-user: planted pass is wrong'
  expect(withoutSignIn(reply, auth)).toBe('535 5.7.8 …: … is wrong')
  expect(withoutSignIn('250 ok', { user: '', pass: '' })).toBe('250 ok')
})

test.each([
  ['PLAIN', '\0planted-user\0planted pass'],
  ['LOGIN', 'planted pass'],
  ['cut', '\0planted-user\0plant'],
  ['XOAUTH2', 'user=planted-user\x01auth=Bearer another\x01\x01'],
])('nor is it as AUTH sends it: %s', (name, sent) => {
  const auth = { user: 'planted-user', pass: 'planted pass' }
  const reply = `500 5.5.1 Unrecognized: AUTH ${name} ${Buffer.from(sent).toString('base64')} queued`
  expect(withoutSignIn(reply, auth)).toBe(`500 5.5.1 Unrecognized: AUTH ${name} … queued`)
})
