import { expect, test } from 'vitest'
import { generateNumber, partitionOfNumber } from './generate.ts'

test.each([
  [12, 1],
  [8, 64],
  [18, 64],
  [24, 1],
])('%i digits over %i partitions: always that long, always in its partition', (digits, partitions) => {
  for (let i = 0; i < 2000; i++) {
    const partition = i % partitions
    const number = generateNumber(digits, partition, partitions)
    expect(number).toMatch(new RegExp(`^\\d{${digits}}$`))
    expect(partitionOfNumber(number, partitions)).toBe(partition)
  }
})

test('every leading digit is as likely as another (chi-square, 9 degrees of freedom, p = 1e-6)', () => {
  const samples = 20_000
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < samples; i++) {
    const first = Number(generateNumber(12, 0, 1)[0])
    counts[first] = (counts[first] ?? 0) + 1
  }
  const expected = samples / 10
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(chiSquare).toBeLessThan(46.0)
})
