import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

test('follows a server whose clock is ahead', () => {
  const clock = createClock()
  clock.learn(1_090_000, 1_000_000, 1_000_000)
  expect(clock.now()).toBe(1_090_500)
})

test('from two seconds on a difference counts', () => {
  const clock = createClock()
  clock.learn(1_003_000, 1_000_000, 1_000_000)
  expect(clock.now()).toBe(1_003_500)
})

test('takes a second more or less for noise, and a broken header for nothing', () => {
  const clock = createClock()
  clock.learn(1_001_000, 1_000_000, 1_000_000)
  clock.learn(Number.NaN, 1_000_000, 1_000_000)
  expect(clock.now()).toBe(1_000_000)
})

test('comes back when the browser’s clock is set right', () => {
  const clock = createClock()
  clock.learn(1_090_000, 1_000_000, 1_000_000)
  clock.learn(1_000_000, 1_000_000, 1_000_000)
  expect(clock.now()).toBe(1_000_000)
})

test('ticks once a second for all, and not at all when nobody listens', () => {
  const clock = createClock()
  const seen: number[] = []
  const stop = [clock.subscribe(() => seen.push(clock.lastTick())), clock.subscribe(() => {})]
  vi.advanceTimersByTime(2000)
  expect(seen).toEqual([1_001_000, 1_002_000])
  for (const end of stop) end()
  expect(vi.getTimerCount()).toBe(0)
})

test('a listener that comes late begins with the present', () => {
  const clock = createClock()
  vi.advanceTimersByTime(60_000)
  clock.subscribe(() => {})
  expect(clock.lastTick()).toBe(1_060_000)
})
