import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Event } from './api/follow-events.ts'
import { createBursts } from './bursts.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const [one, two, three] = ['1', '2', '3'].map((cursor) => ({ cursor }) as Event) as [Event, Event, Event]

test('events of a quarter of a second come together', () => {
  const deliver = vi.fn()
  const { add } = createBursts(deliver)
  add(one)
  vi.advanceTimersByTime(249)
  add(two)
  expect(deliver).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(deliver.mock.calls).toEqual([[[one, two]]])
  add(three)
  vi.advanceTimersByTime(250)
  expect(deliver).toHaveBeenLastCalledWith([three])
})

test('what waits can be delivered at once, and nothing comes after it', () => {
  const deliver = vi.fn()
  const { add, flush } = createBursts(deliver)
  add(one)
  flush()
  expect(deliver.mock.calls).toEqual([[[one]]])
  vi.advanceTimersByTime(10_000)
  expect(deliver).toHaveBeenCalledTimes(1)
})
