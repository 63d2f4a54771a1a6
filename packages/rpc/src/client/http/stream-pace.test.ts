import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Connections } from './connections.ts'
import { isSlowerThanRequests } from './stream-pace.ts'

/** Requests that take so long. */
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
  expect(await isSlowerThanRequests(() => wait(700), connections)).toBe(true)
})

test('frames that were slow for a moment are not', async () => {
  const { connections } = requestsOf(0)
  let pings = 0
  const ping = () => wait(++pings <= 2 ? 300 : 0)
  expect(await isSlowerThanRequests(ping, connections)).toBe(false)
})

test('frames on a slow network, where requests are as slow, are not', async () => {
  const { connections } = requestsOf(300)
  expect(await isSlowerThanRequests(() => wait(300), connections)).toBe(false)
})

test('frames that are fast are not compared at all', async () => {
  const { connections, count } = requestsOf(0)
  expect(await isSlowerThanRequests(async () => {}, connections)).toBe(false)
  expect(count()).toBe(0)
})
