import { createHash } from 'node:crypto'
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
