import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AT_REST_MS, pauseUnlessAborted, setAlignedTimeout } from './aligned-timer.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => vi.useRealTimers())

/** When each of these runs, in ms from now. */
async function momentsOf(...times: readonly number[]): Promise<number[]> {
  const startedAt = performance.now()
  const moments: number[] = []
  for (const [at, ms] of times.entries()) {
    setAlignedTimeout(() => {
      moments[at] = performance.now() - startedAt
    }, ms)
  }
  await vi.runAllTimersAsync()
  return moments
}

test('work of the same second runs at one moment, by one timer', async () => {
  for (const ms of [2000, 2200, 1800, 2099.7]) setAlignedTimeout(() => {}, ms)
  expect(vi.getTimerCount()).toBe(1)
  await vi.runAllTimersAsync()
  const moments = await momentsOf(2000, 2200, 1800, 2099.7)
  expect(new Set(moments).size).toBe(1)
})

test('nothing runs more than half a second too soon or too late', async () => {
  await vi.advanceTimersByTimeAsync(137)
  const times = Array.from({ length: 60 }, (_, at) => 1000 + at * 37)
  const moments = await momentsOf(...times)
  const errors = times.map((ms, at) => Math.abs(ms - (moments[at] ?? Number.NaN)))
  expect(Math.max(...errors)).toBeLessThanOrEqual(502)
})

test('what is repeated each second runs once a second', async () => {
  let count = 0
  const again = () => {
    count += 1
    cancel = setAlignedTimeout(again, 1000 + 90 * (count % 3) - 90)
  }
  let cancel = setAlignedTimeout(again, 1000)
  await vi.advanceTimersByTimeAsync(60_000)
  cancel()
  expect(count).toBeGreaterThanOrEqual(59)
  expect(count).toBeLessThanOrEqual(61)
  expect(vi.getTimerCount()).toBe(0)
})

test('work that is not to come sooner comes up to a second later, and the other way around', async () => {
  for (let ms = 1000; ms < 4000; ms += 171) {
    for (const exactness of ['not before', 'at the latest'] as const) {
      await vi.advanceTimersByTimeAsync(137)
      const startedAt = performance.now()
      let at = Number.NaN
      const ran = () => {
        at = performance.now() - startedAt
      }
      setAlignedTimeout(ran, ms, exactness)
      await vi.runAllTimersAsync()
      const lateMs = at - ms
      if (exactness === 'not before') expect(lateMs).toBeGreaterThanOrEqual(-1)
      if (exactness === 'not before') expect(lateMs).toBeLessThanOrEqual(1002)
      if (exactness === 'at the latest') expect(lateMs).toBeLessThanOrEqual(7)
    }
  }
})

test('all that rests wakes the process once in four seconds', async () => {
  expect(AT_REST_MS).toBe(4000)
  const moments = new Set<number>()
  const counts = [0, 0, 0, 0, 0]
  const cancels: (() => void)[] = []
  for (const at of counts.keys()) {
    await vi.advanceTimersByTimeAsync(700)
    const again = () => {
      moments.add(Math.round(performance.now() / 100))
      counts[at] = (counts[at] ?? 0) + 1
      cancels[at] = setAlignedTimeout(again, AT_REST_MS, 'at the latest')
    }
    again()
  }
  moments.clear()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(moments.size).toBeLessThanOrEqual(16)
  for (const cancel of cancels) cancel()
  for (const count of counts) expect(count).toBeGreaterThanOrEqual(15)
})

test('short times are kept exactly', async () => {
  const [first, second] = await momentsOf(20, 999)
  expect([first, second]).toEqual([20, 999])
})

test('what is cancelled does not run, not even by work of the same moment', async () => {
  const ran: string[] = []
  const cancels: (() => void)[] = []
  const cancelAll = (name: string) => () => {
    ran.push(name)
    for (const cancel of cancels) cancel()
  }
  cancels.push(setAlignedTimeout(cancelAll('first'), 1000), setAlignedTimeout(cancelAll('second'), 1000))
  setAlignedTimeout(() => ran.push('later'), 2000)
  setAlignedTimeout(() => ran.push('never'), 700)()
  await vi.runAllTimersAsync()
  expect(ran).toEqual(['first', 'later'])
})

test('work that throws does not stop the rest', async () => {
  let ran = 0
  setAlignedTimeout(() => {
    throw new Error('its own')
  }, 1000)
  setAlignedTimeout(() => {
    ran += 1
  }, 1000)
  await expect(vi.runAllTimersAsync()).rejects.toThrow('its own')
  await vi.runAllTimersAsync()
  expect(ran).toBe(1)
})

test('a pause ends with its signal, also with one that was aborted before', async () => {
  const stop = new AbortController()
  const pausing = pauseUnlessAborted(60_000, stop.signal)
  stop.abort()
  await pausing
  await pauseUnlessAborted(60_000, stop.signal)
  expect(vi.getTimerCount()).toBe(0)
})
