import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyRing } from './key-ring.ts'
import { isSealedWithNewest, SEAL_OVERHEAD, seal, UnsealError, unseal } from './seal.ts'

const secret = randomBytes(32)
const ring = createKeyRing([secret])

test('whatever was sealed opens again, in its own place only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (text, place) => {
      const clean = Buffer.from(text).toString()
      const sealed = seal(ring, place, clean)
      expect(sealed).toHaveLength(Buffer.byteLength(clean) + SEAL_OVERHEAD)
      expect(unseal(ring, place, sealed)).toBe(clean)
      expect(() => unseal(ring, `${place}.`, sealed)).toThrow(UnsealError)
    }),
  )
})

test('any altered byte is noticed', () => {
  const sealed = seal(ring, 'place', 'a token')
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => unseal(ring, 'place', altered)).toThrow(UnsealError)
  }
})

test('the same text never looks the same twice', () => {
  expect(seal(ring, 'p', 'text')).not.toEqual(seal(ring, 'p', 'text'))
})

test('after a rotation the newest key writes and the older one still reads', () => {
  const old = seal(ring, 'p', 'text')
  const rotated = createKeyRing([randomBytes(32), secret])
  expect(unseal(rotated, 'p', old)).toBe('text')
  const fresh = seal(rotated, 'p', 'text')
  expect(() => unseal(ring, 'p', fresh)).toThrow('not in the ring')
})

test.each([Buffer.alloc(0), Buffer.alloc(10), Buffer.alloc(100)])('rubbish is refused', (rubbish) => {
  expect(() => unseal(ring, 'p', rubbish)).toThrow(UnsealError)
})

test('what an older key sealed is told from what the newest did', () => {
  const rotated = createKeyRing([randomBytes(32), secret])
  expect(isSealedWithNewest(rotated, seal(ring, 'p', 'text'))).toBe(false)
  expect(isSealedWithNewest(rotated, seal(rotated, 'p', 'text'))).toBe(true)
  expect(isSealedWithNewest(ring, Buffer.alloc(0))).toBe(false)
})
