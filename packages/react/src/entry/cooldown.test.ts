import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCooldown } from './cooldown.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('every second is reported, and the end once', () => {
  const reported: number[] = []
  createCooldown((left) => reported.push(left)).start(3)
  vi.advanceTimersByTime(60_000)
  expect(reported).toEqual([3, 2, 1, 0])
})

test('time that the page slept counts', () => {
  const reported: number[] = []
  createCooldown((left) => reported.push(left)).start(30)
  vi.setSystemTime(Date.now() + 28_500)
  vi.advanceTimersByTime(1000)
  vi.advanceTimersByTime(1000)
  expect(reported).toEqual([30, 1, 0])
})

test('a new start takes the place of the one before, and stop ends it', () => {
  const reported: number[] = []
  const cooldown = createCooldown((left) => reported.push(left))
  cooldown.start(10)
  cooldown.start(2)
  cooldown.stop()
  vi.advanceTimersByTime(60_000)
  expect(reported).toEqual([10, 2])
})
