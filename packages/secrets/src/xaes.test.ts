import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createXaes } from './xaes.ts'

const NONCE = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')

// The two vectors of C2SP's XAES-256-GCM: one for each value of the bit that CMAC's subkey carries.
test.each([
  [0x01, '', 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271'],
  [0x03, 'c2sp.org/XAES-256-GCM', '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d'],
])('key %i gives the published ciphertext', (byte, additionalData, ciphertext) => {
  const xaes = createXaes(Buffer.alloc(32, byte))
  const sealed = xaes.encrypt(NONCE, additionalData, 'XAES-256-GCM')
  expect(sealed.toString('hex')).toBe(ciphertext)
  expect(xaes.decrypt(NONCE, additionalData, sealed).toString()).toBe('XAES-256-GCM')
})

// C2SP's accumulated test: inputs of every length come from SHAKE-128; their ciphertexts are hashed into
// another.
test('ten thousand generated inputs give the published digest', () => {
  const size = 10_000 * 320
  const input = createHash('shake128', { outputLength: size }).digest()
  const output = createHash('shake128', { outputLength: 32 })
  let at = 0
  const read = (count: number) => {
    at += count
    return input.subarray(at - count, at)
  }
  for (let i = 0; i < 10_000; i++) {
    const [key, nonce] = [read(32), read(24)]
    const data = read(read(1)[0] ?? 0)
    const additionalData = read(read(1)[0] ?? 0)
    const xaes = createXaes(key)
    const sealed = xaes.encrypt(nonce, additionalData, data)
    expect(xaes.decrypt(nonce, additionalData, sealed).equals(data)).toBe(true)
    output.update(sealed)
  }
  expect(at).toBeLessThanOrEqual(size)
  expect(output.digest('hex')).toBe('e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939')
})

test('a key serves many calls in any order', () => {
  const xaes = createXaes(randomBytes(32))
  const sealed = Array.from({ length: 50 }, (_, i) => {
    const nonce = randomBytes(24)
    return { nonce, text: `text ${i}`, data: xaes.encrypt(nonce, 'a', `text ${i}`) }
  })
  for (const { nonce, text, data } of sealed.reverse()) {
    expect(xaes.decrypt(nonce, 'a', data).toString()).toBe(text)
  }
})

test('every altered bit, every cut and foreign additional data are refused', () => {
  const xaes = createXaes(randomBytes(32))
  const nonce = randomBytes(24)
  const sealed = xaes.encrypt(nonce, 'additional data', 'a token')
  for (let bit = 0; bit < 8 * (nonce.length + sealed.length); bit++) {
    const altered = Buffer.concat([nonce, sealed])
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => xaes.decrypt(altered.subarray(0, 24), 'additional data', altered.subarray(24))).toThrow()
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => xaes.decrypt(nonce, 'additional data', sealed.subarray(0, length))).toThrow()
  }
  expect(() => xaes.decrypt(nonce, 'elsewhere', sealed)).toThrow()
})

test.each([0, 16, 31, 33])('a key of %i bytes is refused', (bytes) => {
  expect(() => createXaes(Buffer.alloc(bytes))).toThrow(RangeError)
})

test.each([0, 12, 23, 25])('a nonce of %i bytes is refused', (bytes) => {
  expect(() => createXaes(Buffer.alloc(32)).encrypt(Buffer.alloc(bytes), '', '')).toThrow(RangeError)
})

test('a nonce of another length and data shorter than a tag have sentences of their own', () => {
  const xaes = createXaes(randomBytes(32))
  expect(() => xaes.encrypt(NONCE.subarray(1), '', 'x')).toThrow('A nonce has 24 bytes, not 23.')
  expect(() => xaes.decrypt(NONCE, '', Buffer.alloc(15))).toThrow('Sealed data is shorter than its tag.')
})
