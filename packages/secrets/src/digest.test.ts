import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { constantTimeEqual, digest, hmac } from './digest.ts'
import { createKeyRing } from './key-ring.ts'

test('it is HMAC-SHA-256 of UTF-8 under the subkey, cut to the length asked for', () => {
  const [key] = createKeyRing([randomBytes(32)]).keys
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.integer({ min: 1, max: 32 }),
      (text, bytes) => {
        const whole = createHmac('sha256', key.subkey('number')).update(text, 'utf8').digest()
        expect(digest(key, 'number', text, bytes)).toEqual(whole.subarray(0, bytes))
        expect(hmac(key.subkey('number'), Buffer.from(text), bytes)).toEqual(whole.subarray(0, bytes))
      },
    ),
  )
})

test('a key has 1 to 64 bytes, because a longer one would have to be hashed first', () => {
  const whole = (key: Buffer) => createHmac('sha256', key).update('text').digest()
  for (const bytes of [1, 32, 64]) {
    const key = randomBytes(bytes)
    expect(hmac(key, 'text')).toEqual(whole(key))
  }
  for (const bytes of [0, 65]) expect(() => hmac(randomBytes(bytes), 'text')).toThrow(RangeError)
})

test('texts are compared whole', () => {
  expect(constantTimeEqual('a secret', 'a secret')).toBe(true)
  for (const other of ['', 'a secre', 'a secret ', 'b secret']) {
    expect(constantTimeEqual(other, 'a secret')).toBe(false)
  }
})
