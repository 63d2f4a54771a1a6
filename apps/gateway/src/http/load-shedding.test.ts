import perfHooks from 'node:perf_hooks'
import { onEventLoopDelay } from '@emailauth/service/timing/event-loop-delay'
import Fastify from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { LOAD, shedLoad } from './load-shedding.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a request that the scope does not see ends the rest too, so that overload is seen in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const atRest = { idle: 0, active: 0, utilization: 0 }
  vi.spyOn(perfHooks.performance, 'eventLoopUtilization').mockReturnValue(atRest)
  const app = Fastify()
  const isRefused = shedLoad(app, { maxEventLoopDelayMs: 500 })
  let measured = 0
  const stop = onEventLoopDelay(() => {
    measured += 1
  })
  vi.advanceTimersByTime(4000)
  for (let request = 0; request < 5; request++) {
    const before = measured
    expect(isRefused()).toBe(false)
    vi.advanceTimersByTime(1500)
    expect(measured).toBe(before + 1)
  }
  stop()
  vi.useRealTimers()
  await app.close()
})

test('requests are refused when the event loop has lagged in two samples, of a second each', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const app = Fastify()
  // Any delay is more than this one.
  const isRefused = shedLoad(app, { maxEventLoopDelayMs: -1, measureMs: 50 })
  vi.advanceTimersByTime(1950)
  expect(isRefused()).toBe(false)
  vi.advanceTimersByTime(50)
  expect(isRefused()).toBe(true)
  vi.useRealTimers()
  await app.close()
})

test.each([
  [495, false],
  [505, true],
])('where each timer is %i ms late, requests are refused: %s', async (lateMs, refused) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const app = Fastify()
  const isRefused = shedLoad(app, { ...LOAD, measureMs: 50 })
  for (let measured = 0; measured < 20; measured++) {
    nowMs += 50 + lateMs
    vi.runOnlyPendingTimers()
  }
  expect(isRefused()).toBe(refused)
  vi.useRealTimers()
  await app.close()
})

test('requests are taken again a quarter of a second after the flood; if it goes on, one sample refuses them', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const inTimeMs = performance.now.bind(performance)
  let lateMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => inTimeMs() + lateMs)
  // Such is a process that refuses: it is measured once a second.
  const atRest = { idle: 0, active: 0, utilization: 0 }
  vi.spyOn(perfHooks.performance, 'eventLoopUtilization').mockReturnValue(atRest)
  const app = Fastify()
  const isRefused = shedLoad(app, LOAD)
  /** After how many ms of timers requests are refused, or taken, while each step of 50 ms ends so late. */
  const until = (refused: boolean, lateByMs: number) => {
    const began = inTimeMs()
    while (isRefused() !== refused && inTimeMs() < began + 20_000) {
      lateMs += lateByMs
      vi.advanceTimersByTime(50)
    }
    return inTimeMs() - began
  }
  expect(until(true, 1000)).toBeGreaterThan(1000)
  expect(until(false, 0)).toBeLessThanOrEqual(500)
  expect(until(true, 1000)).toBeLessThanOrEqual(2000)
  expect(until(false, 0)).toBeLessThanOrEqual(500)
  vi.useRealTimers()
  await app.close()
})
