import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEADLINE_HEADER, STORE_TIME_HEADER } from '../deadline.ts'
import { createStoreClock } from './store-clock.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('a deadline is 50 ms sooner than the caller gives up, because the clocks may drift', async () => {
  const clock = createStoreClock(async () => {})
  clock.learn({ [STORE_TIME_HEADER]: '5000' })
  vi.advanceTimersByTime(200)
  expect(await clock.deadline(1000)).toEqual({ [DEADLINE_HEADER]: '6150' })
})

test('the time is asked for once when it is unknown; a store that does not send it gets no deadline', async () => {
  const ask = vi.fn(async () => {})
  const clock = createStoreClock(ask)
  expect(await Promise.all([clock.deadline(1000), clock.deadline(1000)])).toEqual([{}, {}])
  expect(ask).toHaveBeenCalledTimes(1)
})
