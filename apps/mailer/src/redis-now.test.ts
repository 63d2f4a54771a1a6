import { EventEmitter } from 'node:events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openRedisNow } from './redis-now.ts'

/** As much of a connection as this needs: a time that a Redis says, and how often it was asked. */
function aRedis(seconds: number) {
  const events = new EventEmitter()
  const server = { seconds, asked: 0, isAway: false, emit: events.emit.bind(events) }
  const connection = Object.assign(events, {
    async time() {
      server.asked += 1
      if (server.isAway) throw new Error('away')
      return [String(server.seconds), '500000']
    },
  })
  return { server, redis: connection as unknown as RedisConnection }
}

let at: number
let { server, redis } = aRedis(1000)
beforeEach(() => {
  vi.useFakeTimers()
  at = 0
  ;({ server, redis } = aRedis(1000))
})
afterEach(() => {
  // Otherwise its timer, which is a faked one, would be left to the files after this.
  server.emit('end')
  vi.useRealTimers()
})
const open = () => openRedisNow(redis, () => at)

test('it is the time of Redis, whatever the clock of the machine says', async () => {
  at = 5
  const { now } = await open()
  expect(now()).toBe(1_000_500)
  vi.setSystemTime(Date.now() + 3_600_000)
  at += 20.7
  expect(now()).toBe(1_000_520)
})

test('without a first answer there is no time', async () => {
  server.isAway = true
  await expect(open()).rejects.toThrow('away')
})

test('at rest too Redis is asked before its answer is 10 s old, as after a suspend of the machine', async () => {
  const { now } = await open()
  server.seconds = 5000
  await vi.advanceTimersByTimeAsync(10_000)
  expect(now()).toBe(5_000_500)
  const before = server.asked
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.asked - before).toBeGreaterThanOrEqual(6)
  expect(server.asked - before).toBeLessThanOrEqual(12)
})

test('after it gave no answer it is asked within a second, and meanwhile the last one counts', async () => {
  const { now } = await open()
  server.isAway = true
  await vi.advanceTimersByTimeAsync(10_000)
  at = 7
  expect(now()).toBe(1_000_507)
  server.isAway = false
  server.seconds = 2000
  await vi.advanceTimersByTimeAsync(1000)
  expect(now()).toBe(2_000_500)
})

test('a new connection may lead to another server, so it is asked at once; after its end nobody is', async () => {
  const { now } = await open()
  server.seconds = 900
  server.emit('ready')
  await vi.advanceTimersByTimeAsync(0)
  expect(now()).toBe(900_500)
  server.emit('end')
  const before = server.asked
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.asked).toBe(before)
})

test('a reply with the time counts where the clock of Redis was set, and one that was long on its way does not', async () => {
  const { now, learn } = await open()
  at = 100
  learn(1_000_550, 40)
  expect(now()).toBe(1_000_600)
  learn(900_000, 90)
  expect(now()).toBe(900_000)
  learn(5_000_000, 90)
  expect(now()).toBe(5_000_000)
})
