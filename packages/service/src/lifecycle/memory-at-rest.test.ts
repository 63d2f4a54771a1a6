import perfHooks from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectGarbage, giveMemoryBackAtRest, REST_MS, REST_SHARE, youngBytes } from './memory-at-rest.ts'

const MIB = 1024 * 1024

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Lets the young generation grow, as load does. */
function growYoung(): void {
  const kept: object[] = []
  for (let i = 0; youngBytes() <= 8 * MIB && i < 100_000_000; i++) kept[i % 50_000] = { i, also: [i] }
}

/** How often memory is given back within so many ms, by a process that is so busy. */
function givenBack(share: number, withinMs: number): number {
  let count = 0
  const stop = giveMemoryBackAtRest({ busyShare: () => share, giveBack: () => void count++ })
  vi.advanceTimersByTime(withinMs)
  stop()
  return count
}

test('a collection makes a young generation small that has grown', async () => {
  vi.useRealTimers()
  growYoung()
  const grown = youngBytes()
  expect(grown).toBeGreaterThan(8 * MIB)
  // V8 makes it smaller when little has been allocated for some seconds.
  await eventually(async () => {
    await wait(500)
    collectGarbage()
    expect(youngBytes()).toBeLessThan(grown)
  }, 50_000)
  expect('gc' in globalThis).toBe(false)
})

test('memory is given back after a time of rest, and not at work', () => {
  growYoung()
  expect(givenBack(0.001, REST_MS - 1000)).toBe(0)
  expect(givenBack(0.001, REST_MS + 1000)).toBe(1)
  expect(givenBack(REST_SHARE + 0.01, 10 * REST_MS)).toBe(0)
  expect(REST_MS).toBe(10_000)
  expect(REST_SHARE).toBe(0.02)
})

test('a process measures by itself that it rests', () => {
  growYoung()
  let count = 0
  vi.spyOn(perfHooks.performance, 'eventLoopUtilization').mockReturnValue({
    idle: 1,
    active: 0,
    utilization: 0,
  })
  const stop = giveMemoryBackAtRest({ giveBack: () => void count++ })
  vi.advanceTimersByTime(REST_MS + 1000)
  stop()
  expect(count).toBe(1)
})
