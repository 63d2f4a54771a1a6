import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { createReadLane, MAX_WAITING_READS, READS_AT_ONCE } from './read-lane.ts'

test('so many run at a time, so many wait, in their order, and one more is refused', async () => {
  expect([READS_AT_ONCE, MAX_WAITING_READS]).toEqual([2, 200])
  const lane = createReadLane(2, 3)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const read = (name: number) =>
    lane(() => {
      begun.push(name)
      return new Promise<number>((resolve) => ends.push(() => resolve(name)))
    })
  const all = [1, 2, 3, 4, 5].map(read)
  await expect(read(6)).rejects.toMatchObject({ problem: { code: 'unavailable', retryAfterSeconds: 1 } })
  expect(begun).toEqual([1, 2])
  for (const count of [3, 4, 5]) {
    ends.shift()?.()
    await eventually(() => expect(begun.length).toBe(count))
  }
  for (const end of ends.splice(0)) end()
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5])
  expect(begun).toEqual([1, 2, 3, 4, 5])
})

test('a read that fails makes room', async () => {
  const lane = createReadLane(1, 5)
  await expect(lane(() => Promise.reject(new Error('planted')))).rejects.toThrow('planted')
  expect(await lane(async () => 'next')).toBe('next')
})
