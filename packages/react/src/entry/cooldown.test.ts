import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCooldown } from './cooldown.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('every second is told, and the end once', () => {
  const told: number[] = []
  createCooldown((left) => told.push(left)).start(3)
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([3, 2, 1, 0])
})

test('time that the page slept counts', () => {
  const told: number[] = []
  createCooldown((left) => told.push(left)).start(30)
  vi.setSystemTime(Date.now() + 28_500)
  vi.advanceTimersByTime(1000)
  vi.advanceTimersByTime(1000)
  expect(told).toEqual([30, 1, 0])
})

test('a new start takes the place of the one before, and stop ends it', () => {
  const told: number[] = []
  const cooldown = createCooldown((left) => told.push(left))
  cooldown.start(10)
  cooldown.start(2)
  cooldown.stop()
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([10, 2])
})
