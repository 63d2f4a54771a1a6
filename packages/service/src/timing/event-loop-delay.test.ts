import perfHooks from 'node:perf_hooks'
import { eventually } from '@emailauth/testing/eventually'
import { Registry } from 'prom-client'
import { afterEach, expect, test, vi } from 'vitest'
import { addEventLoopMetrics } from '../metrics/event-loop-metrics.ts'
import { noteRequest, onEventLoopDelay } from './event-loop-delay.ts'

const stops: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  for (const stop of stops.splice(0)) stop()
})

/** Holds the event loop up, without taking the processor from others. */
const block = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** Longer than the longest pause: by then measurements are aligned with other work of the process. */
const ALIGNED_MS = 5000

/** Counts measurements within so many seconds of a fake clock, at this utilization of the loop. */
function measurementsAt(utilization: number, seconds: number): number {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.spyOn(perfHooks.performance, 'eventLoopUtilization').mockReturnValue({ idle: 0, active: 0, utilization })
  let count = 0
  stops.push(
    onEventLoopDelay(() => {
      count += 1
    }),
  )
  vi.advanceTimersByTime(ALIGNED_MS)
  count = 0
  vi.advanceTimersByTime(1000 * seconds)
  return count
}

test('a loop is measured once in four seconds at rest, once a second when it works, and twenty times when it is busy', () => {
  expect(measurementsAt(0.01, 20)).toBe(5)
  for (const stop of stops.splice(0)) stop()
  expect(measurementsAt(0.02, 20)).toBe(20)
  for (const stop of stops.splice(0)) stop()
  expect(measurementsAt(0.9, 2)).toBe(40)
})

test('a request ends the rest, so that overload is seen within a second', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.spyOn(perfHooks.performance, 'eventLoopUtilization').mockReturnValue({
    idle: 0,
    active: 0,
    utilization: 0,
  })
  let count = 0
  stops.push(
    onEventLoopDelay(() => {
      count += 1
    }),
  )
  vi.advanceTimersByTime(4000)
  for (let request = 0; request < 5; request++) {
    const before = count
    noteRequest()
    vi.advanceTimersByTime(1500)
    expect(count).toBe(before + 1)
  }
})

test('all listeners share one timer, which ends with the last of them', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const first = onEventLoopDelay(() => {})
  const second = onEventLoopDelay(() => {})
  expect(vi.getTimerCount()).toBe(1)
  first()
  expect(vi.getTimerCount()).toBe(1)
  second()
  expect(vi.getTimerCount()).toBe(0)
})

test('a loop that was blocked shows how long', async () => {
  const delays: number[] = []
  stops.push(onEventLoopDelay((delayMs) => delays.push(delayMs), 5))
  block(300)
  await eventually(() => expect(Math.max(...delays)).toBeGreaterThan(290))
})

test('the metrics show the longest pause in seconds, once', async () => {
  const registry = new Registry()
  stops.push(addEventLoopMetrics(registry))
  block(1000)
  await eventually(async () => {
    const text = await registry.metrics()
    const longest = Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1])
    expect(longest).toBeGreaterThan(0.4)
    expect(longest).toBeLessThan(600)
  })
})
