import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { abortAfter, pause } from './timing.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const listeners = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length

test('a deadline ends by itself, and leaves nothing behind once it is cleared', () => {
  const outer = new AbortController()
  const [over, inTime] = [abortAfter(100, outer.signal), abortAfter(100, outer.signal)]
  inTime.clear()
  expect([vi.getTimerCount(), listeners(outer)]).toEqual([1, 1])
  vi.advanceTimersByTime(100)
  expect([over.signal.aborted, over.hasPassed()]).toEqual([true, true])
  expect([inTime.signal.aborted, inTime.hasPassed()]).toEqual([false, false])
})

test("the caller's signal ends it with its reason", () => {
  const outer = new AbortController()
  const deadline = abortAfter(100, outer.signal)
  const reason = new Error('enough')
  outer.abort(reason)
  expect(deadline.signal.reason).toBe(reason)
  expect(deadline.hasPassed()).toBe(false)
  deadline.clear()
  expect(abortAfter(100, undefined).signal.aborted).toBe(false)
})

test('a pause ends after its time, and leaves nothing at the signal', async () => {
  const caller = new AbortController()
  const ended = pause(100, caller.signal)
  expect(listeners(caller)).toBe(1)
  await vi.advanceTimersByTimeAsync(100)
  await ended
  expect(listeners(caller)).toBe(0)
})

test('a signal ends a pause with its reason, also one that was aborted before', async () => {
  const caller = new AbortController()
  const ended = pause(100, caller.signal)
  const reason = new Error('enough')
  caller.abort(reason)
  await expect(ended).rejects.toBe(reason)
  await expect(pause(100, caller.signal)).rejects.toBe(reason)
  expect(vi.getTimerCount()).toBe(0)
})
