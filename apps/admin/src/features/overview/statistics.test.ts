import { expect, test } from 'vitest'
import { changeOf, quantileOf, shareOf, statisticOf, timesOf } from './statistics.ts'

const bucket = (registered: number, waits: number[] = []) =>
  ({ from: '', waits, counts: registered === 0 ? [] : [{ of: 'REGISTERED', count: registered }] }) as never

test('counts are split into the period and the one before; a missing count is 0', () => {
  const buckets = [bucket(1), bucket(2), bucket(0), bucket(5)]
  expect(statisticOf(buckets, 'REGISTERED', 2)).toEqual({ sum: 5, before: 3, steps: [0, 5] })
  expect(statisticOf(buckets, 'BURNED', 2)).toEqual({ sum: 0, before: 0, steps: [0, 0] })
})

test('changes and shares of nothing are none', () => {
  expect(changeOf({ sum: 15, before: 10 })).toBe(50)
  expect(changeOf({ sum: 3, before: 0 })).toBeUndefined()
  expect([shareOf(3, 4), shareOf(0, 0)]).toEqual([75, undefined])
})

test('median and p90 lie where the classes say', () => {
  const bounds = [10, 20, 60]
  expect(quantileOf([10, 10, 0, 0], bounds, 0.5)).toBe(10)
  expect(quantileOf([0, 10, 0, 0], bounds, 0.5)).toBe(15)
  expect(quantileOf([5, 0, 0, 5], bounds, 0.9)).toBe(60)
  expect(quantileOf([0, 0, 0, 0], bounds, 0.5)).toBeUndefined()
})

test('waits are summed over the steps', () => {
  expect(timesOf([bucket(0, [1, 2]), bucket(0, [3])], 'waits', [10, 20])).toEqual([4, 2, 0])
})
