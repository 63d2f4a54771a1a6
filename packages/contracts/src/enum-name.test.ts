import { expect, expectTypeOf, test } from 'vitest'
import { enumName } from './enum-name.ts'

test.each([
  ['client-ip', 'CLIENT_IP'],
  ['misses.high', 'MISSES_HIGH'],
  ['mail.smtpUrl', 'MAIL_SMTP_URL'],
  ['ttlSeconds', 'TTL_SECONDS'],
  ['sent', 'SENT'],
  ['RATE_LIMITED', 'RATE_LIMITED'],
])('%s is %s in GraphQL', (value, name) => {
  expect(enumName(value)).toBe(name)
})

test('the type of a name is the name', () => {
  expectTypeOf(enumName('mail.smtpUrl')).toEqualTypeOf<'MAIL_SMTP_URL'>()
  expectTypeOf(enumName('client-ip')).toEqualTypeOf<'CLIENT_IP'>()
  expectTypeOf(enumName('RATE_LIMITED')).toEqualTypeOf<'RATE_LIMITED'>()
})
