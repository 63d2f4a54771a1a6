import { expect, test } from 'vitest'
import { createFairPlaces } from './fair-places.ts'

/** Takes places for a tenant until it gets none, and returns how many they were. */
function fill({ enter }: ReturnType<typeof createFairPlaces>, tenantId: string): number {
  let taken = 0
  while (enter(tenantId) === undefined) taken += 1
  return taken
}

test('one tenant gets nearly half of the places, each further one half of the rest, and ten more get one', () => {
  const places = createFairPlaces(100)
  const tenants = Array.from({ length: 18 }, (_, n) => `tenant ${n}`)
  const taken = tenants.map((tenant) => fill(places, tenant))
  expect(taken).toEqual([45, 23, 11, 6, 3, 1, 1, ...Array(10).fill(1), 0])
  places.leave('tenant 0')
  expect([fill(places, 'tenant 0'), fill(places, 'tenant 17')]).toEqual([0, 1])
})

test('while few places are taken one tenant may have all of them, and the others share the rest', () => {
  const places = createFairPlaces(100, { unshared: 60 })
  expect(['a', 'b', 'c'].map((tenant) => fill(places, tenant))).toEqual([60, 15, 8])
  places.leave('b')
  expect(places.enter('a')).toBeTypeOf('number')
})

test('a tenant that has more than its share by now gets no place before it has given some back', () => {
  const places = createFairPlaces(100)
  fill(places, 'a')
  fill(places, 'b')
  places.leave('a')
  expect(places.enter('a')).toBeTypeOf('number')
  // 33 are free, 10 of them reserved, and it has 23.
  expect(fill(places, 'b')).toBe(0)
  expect(fill(places, 'c')).toBe(12)
})

test('a job that is put back comes again after a second, and those of one tenant 10 ms apart', () => {
  let nowMs = 5000
  const places = createFairPlaces(2, { now: () => nowMs })
  expect(places.enter('a')).toBeUndefined()
  expect([places.enter('a'), places.enter('a'), places.enter('a')]).toEqual([6000, 6010, 6020])
  nowMs += 900
  expect(places.enter('a')).toBe(6900)
  expect(places.enter('b')).toBeUndefined()
  expect([places.enter('c'), places.enter('b')]).toEqual([6900, 6900])
  places.leave('a')
  expect(places.enter('c')).toBeUndefined()
})

test('jobs of a tenant without any place come again one by one too, also after it had one', () => {
  const places = createFairPlaces(1, { now: () => 5000 })
  expect(places.enter('a')).toBeUndefined()
  expect([places.enter('b'), places.enter('b'), places.enter('c')]).toEqual([6000, 6010, 6000])
  places.leave('a')
  expect(places.enter('b')).toBeUndefined()
  places.leave('b')
  expect(places.enter('a')).toBeUndefined()
  expect(places.enter('b')).toBe(6020)
})

test('no job is put back for more than 30 s, however many come', () => {
  const places = createFairPlaces(1, { now: () => 5000 })
  expect(places.enter('a')).toBeUndefined()
  const times = Array.from({ length: 10_000 }, () => places.enter('a') ?? 0)
  expect(Math.max(...times)).toBe(35_000)
})
