import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Connections } from './connections.ts'
import { isSlowerThanRequests } from './stream-pace.ts'

// On a clock of its own: a busy machine would make requests slow too.
beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function isSlow(...asked: Parameters<typeof isSlowerThanRequests>) {
  const answer = isSlowerThanRequests(...asked)
  await vi.runAllTimersAsync()
  return answer
}

/** Requests that take this long. */
function requestsOf(ms: number) {
  let count = 0
  const request = async () => {
    count += 1
    await wait(ms)
    return { body: { dump: async () => {} } }
  }
  return { connections: { request } as unknown as Pick<Connections, 'request'>, count: () => count }
}

test('frames that take much longer than requests are slow', async () => {
  const { connections } = requestsOf(0)
  expect(await isSlow(() => wait(700), connections)).toBe(true)
})

test('frames that were slow for a moment are not', async () => {
  const { connections } = requestsOf(0)
  let pings = 0
  const ping = () => wait(++pings <= 2 ? 300 : 0)
  expect(await isSlow(ping, connections)).toBe(false)
})

test('frames on a slow network, where requests are as slow, are not', async () => {
  const { connections } = requestsOf(300)
  expect(await isSlow(() => wait(300), connections)).toBe(false)
})

test('frames that are fast are not compared at all', async () => {
  const { connections, count } = requestsOf(0)
  expect(await isSlow(async () => {}, connections)).toBe(false)
  expect(count()).toBe(0)
})

// Bounds: below 20 ms nothing is suspected, and three times a request and 20 ms more is not slow.
test.each([
  [19, 0, false],
  [21, 0, true],
  [79, 20, false],
  [81, 20, true],
])('frames of %i ms beside requests of %i ms: slow is %s', async (frameMs, requestMs, slow) => {
  expect(await isSlow(() => wait(frameMs), requestsOf(requestMs).connections)).toBe(slow)
})

test('frames that were slow four times and then fast are not slow', async () => {
  let pings = 0
  const ping = () => wait(++pings <= 4 ? 300 : 0)
  expect(await isSlow(ping, requestsOf(0).connections)).toBe(false)
  expect(pings).toBe(5)
})
