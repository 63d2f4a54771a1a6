import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { UnsealError } from '@emailauth/secrets/seal'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ADDRESS_DIGEST_BYTES, MEMBER_BYTES, openRecord, SALT_BYTES, sealSecrets } from './identity-record.ts'

const ring = createKeyRing([randomBytes(32)])
const member = randomBytes(MEMBER_BYTES)

/** A record as lua/register.lua writes it. */
function toRecord(sealed: Buffer): Buffer {
  const moments = Buffer.alloc(16)
  moments.writeDoubleBE(1_700_000_000_123, 0)
  moments.writeDoubleBE(1_700_000_600_123, 8)
  const head = [Buffer.from([1, 0]), randomBytes(SALT_BYTES), moments, randomBytes(ADDRESS_DIGEST_BYTES)]
  return Buffer.concat([...head, sealed])
}

test('whatever the token holds, what was sealed comes back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.option(fc.constantFrom('es', 'pt-BR')),
      (token, locale) => {
        const secrets = {
          email: 'ada@example.com',
          number: '0012345678901234',
          locale,
          token,
        }
        expect(
          openRecord(ring, 'demo', member, toRecord(sealSecrets(ring, 'demo', member, secrets))),
        ).toEqual({
          ...secrets,
          createdAtMs: 1_700_000_000_123,
          expiresAtMs: 1_700_000_600_123,
        })
      },
    ),
  )
})

test.each(['', '\n', '\n\n\n', 'a\nb\r\nc\n', '\u0000', '["a"]'])('a token may be %j', (token) => {
  const secrets = { email: 'a@example.com', number: '123456', locale: null, token }
  expect(
    openRecord(ring, 'demo', member, toRecord(sealSecrets(ring, 'demo', member, secrets))),
  ).toMatchObject(secrets)
})

test('it opens in its own tenant and under its own number and salt only', () => {
  const secrets = { email: 'a@example.com', number: '123456', locale: null, token: 'secret' }
  const record = toRecord(sealSecrets(ring, 'demo', member, secrets))
  expect(() => openRecord(ring, 'other', member, record)).toThrow(UnsealError)
  expect(() => openRecord(ring, 'demo', randomBytes(MEMBER_BYTES), record)).toThrow(UnsealError)
})
