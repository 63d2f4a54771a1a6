import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { digest } from './digest.ts'
import { createKeyRing } from './key-ring.ts'

test('a key keeps its id and subkeys whatever its place in the ring', () => {
  const [a, b] = [randomBytes(32), randomBytes(32)]
  const before = createKeyRing([a])
  const after = createKeyRing([b, a])
  expect(after.keys[1]?.id).toEqual(before.keys[0].id)
  expect(after.keys[1]?.subkey('seal')).toEqual(before.keys[0].subkey('seal'))
  expect(after.byId(before.keys[0].id)).toBe(after.keys[1])
})

test('purposes have keys of their own, so a digest made for one says nothing for another', () => {
  const key = createKeyRing([randomBytes(32)]).keys[0]
  expect(digest(key, 'number', '123456', 12)).not.toEqual(digest(key, 'address', '123456', 12))
})

test.each([
  ['no secret', []],
  ['a short secret', [Buffer.alloc(31, 1)]],
  ['a long secret', [Buffer.alloc(33, 1)]],
  ['the same secret twice', [Buffer.alloc(32, 1), Buffer.alloc(32, 1)]],
])('%s is refused', (_name, secrets) => {
  expect(() => createKeyRing(secrets)).toThrow()
})
