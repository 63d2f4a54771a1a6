import { expect, test } from 'vitest'
import { createFairPlaces } from './fair-places.ts'

/** Takes places for a tenant until it gets none, and returns how many they were. */
function fill({ enter }: ReturnType<typeof createFairPlaces>, tenantId: string): number {
  let taken = 0
  while (enter(tenantId) === undefined) taken += 1
  return taken
}

test('one tenant gets half of the places, and each further one as many as are free', () => {
  const places = createFairPlaces(100)
  expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((tenant) => fill(places, tenant))).toEqual([
    50, 25, 13, 6, 3, 2, 1,
  ])
})

test('a tenant that has more than its share by now gets no place before it has given some back', () => {
  const places = createFairPlaces(100)
  fill(places, 'a')
  fill(places, 'b')
  places.leave('a')
  expect(places.enter('a')).toBeTypeOf('number')
  // 26 are free, and it has 25.
  expect(fill(places, 'b')).toBe(1)
  expect(fill(places, 'c')).toBe(13)
})

test('a job that is put back comes again after a second, and those of one tenant 10 ms apart', () => {
  let nowMs = 5000
  const places = createFairPlaces(2, () => nowMs)
  expect(places.enter('a')).toBeUndefined()
  expect([places.enter('a'), places.enter('a'), places.enter('a')]).toEqual([6000, 6010, 6020])
  nowMs += 900
  expect(places.enter('a')).toBe(6900)
  expect(places.enter('b')).toBeUndefined()
  expect([places.enter('c'), places.enter('b')]).toEqual([6900, 6900])
  places.leave('a')
  expect(places.enter('c')).toBeUndefined()
})
