import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { remainingTimeoutMs, scriptCommands } from '../../src/connection/ioredis-internals.ts'

const TIMEOUT_MS = 60_000

let server: TestRedis
let redis: Redis
let other: Redis
beforeAll(async () => {
  server = await startRedis()
  const connect = () => connectRedis(server.url, { onError: () => {}, commandTimeoutMs: TIMEOUT_MS })
  redis = (await connect()) as Redis
  other = (await connect()) as Redis
})
afterAll(async () => {
  redis?.disconnect()
  other?.disconnect()
  await server?.stop()
})

test('scripts go out and come back as bytes', async () => {
  const commands = scriptCommands(redis)
  const bytes = Buffer.from([0, 255, 13, 10])
  expect(await commands.evalBuffer('return ARGV[1]', 1, 'k', bytes)).toEqual(bytes)
  await expect(commands.evalshaBuffer('0'.repeat(40), 1, 'k')).rejects.toThrow('NOSCRIPT')
})

test('the socket time-out runs while a command waits, and only then', async () => {
  expect(remainingTimeoutMs(redis)).toBe(TIMEOUT_MS)
  // Redis replies when there is something in the list. Until then the time-out runs.
  const waiting = redis.blpop('list', 30)
  await expect.poll(() => remainingTimeoutMs(redis), { interval: 5 }).toBeLessThan(TIMEOUT_MS)
  const [first, second] = [remainingTimeoutMs(redis), await later()]
  expect(second).toBeLessThan(first)
  await other.rpush('list', 'something')
  await waiting
  await expect.poll(() => remainingTimeoutMs(redis)).toBe(TIMEOUT_MS)
})

/** The remaining time after a few turns of the event loop. */
async function later(): Promise<number> {
  const before = remainingTimeoutMs(redis)
  while (remainingTimeoutMs(redis) === before) await new Promise((over) => setImmediate(over))
  return remainingTimeoutMs(redis)
}
