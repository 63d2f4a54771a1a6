import { expect, test, vi } from 'vitest'
import { generateIdempotencyKey } from './idempotency-key.ts'

test('a key is 128 bits in hex, zeros at its bytes’ beginnings too, and another one each time', () => {
  expect(generateIdempotencyKey()).not.toBe(generateIdempotencyKey())
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => {
    new Uint8Array((bytes as Uint8Array).buffer).set([0, 1, 15, 16, 255])
    return bytes
  })
  expect(generateIdempotencyKey()).toBe(`00010f10ff${'00'.repeat(11)}`)
})
