import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createXaes } from './xaes.ts'
import { createXChaCha, loadXChaCha } from './xchacha.ts'

const NONCE = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')

beforeAll(loadXChaCha)

describe.each([
  ['XAES-256-GCM', createXaes],
  ['XChaCha20-Poly1305', createXChaCha],
])('%s', (_name, create) => {
  test('a key serves many calls in any order', () => {
    const cipher = create(randomBytes(32))
    const sealed = Array.from({ length: 50 }, (_, i) => {
      const nonce = randomBytes(24)
      return { nonce, text: `text ${i}`, data: cipher.encrypt(nonce, 'a', `text ${i}`) }
    })
    for (const { nonce, text, data } of sealed.reverse()) {
      expect(cipher.decrypt(nonce, 'a', data).toString()).toBe(text)
    }
  })

  test('every altered bit, every cut and foreign additional data are refused', () => {
    const cipher = create(randomBytes(32))
    const nonce = randomBytes(24)
    const sealed = cipher.encrypt(nonce, 'additional data', 'a token')
    for (let bit = 0; bit < 8 * (nonce.length + sealed.length); bit++) {
      const altered = Buffer.concat([nonce, sealed])
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => cipher.decrypt(altered.subarray(0, 24), 'additional data', altered.subarray(24))).toThrow()
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => cipher.decrypt(nonce, 'additional data', sealed.subarray(0, length))).toThrow()
    }
    expect(() => cipher.decrypt(nonce, 'elsewhere', sealed)).toThrow()
  })

  test.each([0, 16, 31, 33])('a key of %i bytes is refused', (bytes) => {
    expect(() => create(Buffer.alloc(bytes))).toThrow(RangeError)
  })

  test.each([0, 12, 23, 25])('a nonce of %i bytes is refused', (bytes) => {
    expect(() => create(Buffer.alloc(32)).encrypt(Buffer.alloc(bytes), '', '')).toThrow(RangeError)
  })

  test('a nonce of another length and data shorter than a tag have sentences of their own', () => {
    const cipher = create(randomBytes(32))
    expect(() => cipher.encrypt(NONCE.subarray(1), '', 'x')).toThrow('A nonce has 24 bytes, not 23.')
    expect(() => cipher.decrypt(NONCE, '', Buffer.alloc(15))).toThrow('Sealed data is shorter than its tag.')
  })

  test('any text and bytes of any length come back, behind the given head', () => {
    const cipher = create(randomBytes(32))
    const text = fc.string({ unit: 'binary', maxLength: 300 }).map((it) => Buffer.from(it).toString())
    fc.assert(
      fc.property(text, text, fc.uint8Array({ maxLength: 40 }), (data, additionalData, head) => {
        const nonce = randomBytes(24)
        const sealed = cipher.encrypt(nonce, additionalData, data, Buffer.from(head))
        expect(sealed.subarray(0, head.length).equals(head)).toBe(true)
        const body = sealed.subarray(head.length)
        expect(cipher.decrypt(nonce, Buffer.from(additionalData), body).toString()).toBe(data)
        expect(cipher.encrypt(nonce, additionalData, Buffer.from(data)).equals(body)).toBe(true)
      }),
    )
  })

  test('a megabyte after a byte, and a byte after it', () => {
    const cipher = create(randomBytes(32))
    for (const size of [1, 1_000_000, 1, 3_000_000, 2]) {
      const text = 'é'.repeat(size)
      const sealed = cipher.encrypt(NONCE, text, text)
      expect(sealed).toHaveLength(2 * size + 16)
      expect(cipher.decrypt(NONCE, text, sealed).equals(Buffer.from(text))).toBe(true)
    }
  })
})
