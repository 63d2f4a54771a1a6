import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { fieldOf } from './suppressed-address.ts'

test('an address is found by what mailers of other versions wrote: 18 bytes as base64url', () => {
  const ring = createKeyRing([Buffer.alloc(32, 1)])
  expect(fieldOf(ring.keys[0], 'demo', 'ada@example.com')).toMatch(/^[\w-]{24}$/)
})
