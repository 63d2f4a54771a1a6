import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packSecrets, unpackSecrets } from './identity-secrets.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((value) => Buffer.from(value).toString())

test('whatever was packed comes back', () => {
  fc.assert(
    fc.property(
      fc.record({
        number: fc.stringMatching(/^[0-9]{1,32}$/),
        locale: fc.option(text),
        email: text,
        token: text,
      }),
      (secrets) => {
        expect(unpackSecrets(packSecrets(secrets))).toEqual(secrets)
      },
    ),
  )
})

test.each([
  '0',
  '9',
  '000000',
  '999999999999',
  '000000000001',
  '999999999999999999',
  '0'.repeat(18),
  '9'.repeat(32),
])('the number %s comes back with its zeros', (number) => {
  const secrets = { number, locale: null, email: 'a@example.com', token: 't' }
  expect(unpackSecrets(packSecrets(secrets))).toEqual(secrets)
})

test('an address or a locale too long for its length is refused', () => {
  const secrets = { number: '1', locale: null, email: 'a@example.com', token: 't' }
  expect(() => packSecrets({ ...secrets, email: 'a'.repeat(256) })).toThrow(RangeError)
  expect(() => packSecrets({ ...secrets, locale: 'é'.repeat(128) })).toThrow(RangeError)
})
