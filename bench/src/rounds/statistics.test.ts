import { expect, test } from 'vitest'
import { median, quantile, spread } from './statistics.ts'

test('the median is the middle one, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([7])).toBe(7)
  expect(median([])).toBeNaN()
})

test('the order of the values given stays as it is', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})

test('a quantile lies between its neighbours in proportion', () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => i)
  expect(quantile(values, 0)).toBe(0)
  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 1)).toBe(100)
  expect(quantile([10, 20], 0.25)).toBe(12.5)
})

test('a spread has both ends', () => {
  expect(spread([2, 9, 4])).toEqual({ median: 4, min: 2, max: 9 })
})
