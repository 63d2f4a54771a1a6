import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { constantTimeEqual, hmac } from './digest.ts'

test('it is HMAC-SHA-256, whatever the text and in whatever order', () => {
  const keys = [randomBytes(32), randomBytes(32), randomBytes(64), Buffer.alloc(0)]
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.string({ unit: 'binary', maxLength: 3000 }), (key, text) => {
      expect(hmac(key, text)).toEqual(createHmac('sha256', key).update(text, 'utf8').digest())
    }),
    { numRuns: 1000 },
  )
})

test('texts are compared whole', () => {
  expect(constantTimeEqual('a secret', 'a secret')).toBe(true)
  for (const other of ['', 'a secre', 'a secret ', 'b secret']) {
    expect(constantTimeEqual(other, 'a secret')).toBe(false)
  }
})
