import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { UnsealError } from '@emailauth/secrets/seal'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ADDRESS_DIGEST_BYTES, MEMBER_BYTES, openRecord, SALT_BYTES, sealSecrets } from './identity-record.ts'

const ring = createKeyRing([randomBytes(32)])
const member = randomBytes(MEMBER_BYTES)

/** A record as lua/rules/register.lua writes it. */
function toRecord(sealed: Buffer): Buffer {
  const moments = Buffer.alloc(12)
  moments.writeUIntBE(1_700_000_000_000, 0, 6)
  moments.writeUInt16BE(123, 6)
  moments.writeUInt32BE(600_000, 8)
  const head = [Buffer.from([2, 0]), member.subarray(-SALT_BYTES), moments, randomBytes(ADDRESS_DIGEST_BYTES)]
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

test('any altered byte of what is sealed is noticed', () => {
  const secrets = { email: 'a@example.com', number: '123456', locale: 'es', token: 'secret' }
  const record = toRecord(sealSecrets(ring, 'demo', member, secrets))
  for (let at = 30; at < record.length; at++) {
    const altered = Buffer.from(record)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => openRecord(ring, 'demo', member, altered)).toThrow(UnsealError)
  }
})

test.each([0, 1, 3, 255])('a record of format %i is refused clearly', (format) => {
  const secrets = { email: 'a@example.com', number: '123456', locale: null, token: 'secret' }
  const record = toRecord(sealSecrets(ring, 'demo', member, secrets))
  record[0] = format
  expect(() => openRecord(ring, 'demo', member, record)).toThrow(`format ${format} cannot be read`)
  expect(() => openRecord(ring, 'demo', member, Buffer.alloc(0))).toThrow(UnsealError)
})

test('an identity with a token of 64 bytes fits what Redis allots for 160', () => {
  const secrets = { email: 'person-00000001@example.com', number: '9'.repeat(16), locale: null }
  const record = toRecord(sealSecrets(ring, 'demo', member, { ...secrets, token: 'x'.repeat(64) }))
  // Redis adds 4 bytes to a string.
  expect(record.length).toBeLessThanOrEqual(156)
})
