import { toProblem } from '@emailauth/contracts/problems'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { retryLostReply, retryUnavailable } from './retry.ts'
import { LostReply, NotSent } from './transport.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Attempts whose first one is lost after so many milliseconds. */
async function attemptsAfter(lostAfterMs: number): Promise<readonly number[]> {
  const attempts: number[] = []
  const call = retryLostReply({ timeoutMs: 1000, withinMs: 1000 }, async ({ timeoutMs }) => {
    attempts.push(timeoutMs)
    if (attempts.length > 1) return 'done'
    vi.advanceTimersByTime(lostAfterMs)
    throw new LostReply('unavailable', 'lost')
  })
  await call.catch(() => {})
  return attempts
}

test('a lost reply is asked for again when 50 ms are left, in the time that is left', async () => {
  expect(await attemptsAfter(400)).toEqual([1000, 600])
  expect(await attemptsAfter(940)).toEqual([1000, 60])
  expect(await attemptsAfter(960)).toEqual([1000])
})

/**
 * How often calls are sent whose service reports after so many milliseconds that it is unavailable, and the
 * pauses in between.
 */
async function sentAfter(reportedAfterMs: number, random = 0) {
  const pauses: number[] = []
  const send = vi.fn(async (items: readonly string[], _withinMs: number) => {
    vi.advanceTimersByTime(reportedAfterMs)
    return items.map(() => ({ problem: toProblem('unavailable', 'not now') }))
  })
  const pause = async (ms: number) => void pauses.push(ms)
  await retryUnavailable(['a'], 4000, send, pause, () => random)
  return { within: send.mock.calls.map(([, withinMs]) => withinMs), pauses }
}

test('a second attempt that was not sent does not say that the first one took no effect', async () => {
  const lost = new LostReply('unavailable', 'cut off')
  const attempt = vi
    .fn()
    .mockRejectedValueOnce(lost)
    .mockRejectedValueOnce(new NotSent('unavailable', 'refused'))
  await expect(retryLostReply({ timeoutMs: 1000, withinMs: 2000 }, attempt)).rejects.toBe(lost)
  expect(attempt).toHaveBeenCalledTimes(2)
})

test('calls that were unavailable are sent once more after a pause, in the time that is left', async () => {
  expect(await sentAfter(0)).toEqual({ within: [4000, 3900], pauses: [100] })
  expect(await sentAfter(1000)).toEqual({ within: [4000, 2750], pauses: [250] })
  expect(await sentAfter(800)).toEqual({ within: [4000, 3000], pauses: [200] })
  expect(await sentAfter(3690)).toEqual({ within: [4000, 60], pauses: [250] })
  expect(await sentAfter(3704)).toEqual({ within: [4000], pauses: [] })
  // Up to half as long again, so that gateways do not come back in step.
  expect(await sentAfter(0, 1)).toEqual({ within: [4000, 3850], pauses: [150] })
  expect(await sentAfter(1000, 1)).toEqual({ within: [4000, 2625], pauses: [375] })
})

test('a call whose outcome was unknown because the store was late gets the true one', async () => {
  const replies = [{ problem: toProblem('unavailable', 'unknown') }, { number: '1' }]
  const send = async () => {
    vi.advanceTimersByTime(1000)
    return [replies.shift()!]
  }
  expect(await retryUnavailable(['a'], 4000, send, async () => {})).toEqual([{ number: '1' }])
})
