import { expect, test, vi } from 'vitest'

test('libsodium is loaded by a ring that needs it, and by no other', async () => {
  // Other files of this worker have loaded it.
  vi.resetModules()
  const { createKeyRing, generateSecretKey, parseKeyRing } = await import('./key-ring.ts')
  const { loadedSodium } = await import('./sodium.ts')
  const { seal } = await import('./seal.ts')
  const context = { purpose: 'identity', additionalData: 'p' } as const
  await createKeyRing([Buffer.alloc(32, 1)]).ready()
  expect(loadedSodium).toThrow('libsodium is not loaded')
  const ring = parseKeyRing(generateSecretKey())
  expect(() => seal(ring, context, 'text')).toThrow('libsodium is not loaded')
  await Promise.all([ring.ready(), ring.ready()])
  expect(seal(ring, context, 'text')).toHaveLength(49)
})
