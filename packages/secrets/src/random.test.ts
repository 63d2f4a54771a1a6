import { expect, test } from 'vitest'
import { randomBytesOf } from './random.ts'

test('no two results are equal, across refills of the pool too', () => {
  const seen = new Set<string>()
  for (let i = 0; i < 20_000; i++) seen.add(randomBytesOf(12).toString('hex'))
  expect(seen.size).toBe(20_000)
})

test('every byte takes every value, evenly', () => {
  const counts = new Array<number>(256).fill(0)
  for (let i = 0; i < 4000; i++) for (const byte of randomBytesOf(64)) counts[byte] = (counts[byte] ?? 0) + 1
  // Chi-square with 255 degrees of freedom: beyond 400 once in 10^8 runs.
  const expected = (4000 * 64) / 256
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(chiSquare).toBeLessThan(400)
})

test('returned bytes do not change with later calls', () => {
  const first = randomBytesOf(16)
  const copy = Buffer.from(first)
  for (let i = 0; i < 1000; i++) randomBytesOf(16)
  expect(first).toEqual(copy)
})

test.each([0, 1, 4096])('%i bytes can be generated', (count) => {
  expect(randomBytesOf(count)).toHaveLength(count)
})

test('more than the pool holds is refused', () => {
  expect(() => randomBytesOf(4097)).toThrow(RangeError)
})

test('one call gives at most the pool, and says so', () => {
  expect(randomBytesOf(4096)).toHaveLength(4096)
  expect(() => randomBytesOf(4097)).toThrow('At most 4096 bytes in one call, not 4097.')
})
