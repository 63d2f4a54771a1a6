import { EventEmitter } from 'node:events'
import type { RedisConnection } from '@emailauth/redis/connect'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { redisClockOf } from './redis-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** As much of a connection as the clock needs, and how often it was asked for the time. */
function aConnection() {
  let asked = 0
  const connection = Object.assign(new EventEmitter(), {
    status: 'ready',
    stream: {},
    time: async () => {
      asked += 1
      return [String(Math.floor(Date.now() / 1000)), '0']
    },
  })
  return {
    redis: connection as unknown as RedisConnection,
    asked: () => asked,
    emit: connection.emit.bind(connection),
    listeners: () => connection.eventNames().map((name) => connection.listenerCount(name)),
  }
}

test('Redis is asked for its time once a second while somebody uses it, and else each four seconds', async () => {
  const { redis, asked, emit } = aConnection()
  const clock = redisClockOf(redis)
  await vi.advanceTimersByTimeAsync(6000)
  const countFor = async (seconds: number, use: () => void) => {
    const before = asked()
    for (let tenth = 0; tenth < 10 * seconds; tenth++) {
      use()
      await vi.advanceTimersByTimeAsync(100)
    }
    return asked() - before
  }
  expect(await countFor(60, () => {})).toBe(15)
  const used = await countFor(60, () => void clock.atLeast())
  expect(used).toBeGreaterThanOrEqual(56)
  expect(used).toBeLessThanOrEqual(61)
  expect(await countFor(60, () => {})).toBeLessThanOrEqual(17)
  emit('end')
  expect(await countFor(60, () => {})).toBe(0)
})

test('stores on one connection share its clock, so that they listen to it once', async () => {
  const { redis, listeners, emit } = aConnection()
  const clock = redisClockOf(redis)
  await clock.known()
  const once = listeners()
  for (let store = 1; store < 12; store++) await redisClockOf(redis).known()
  expect(listeners()).toEqual(once)
  const other = aConnection()
  expect(redisClockOf(other.redis)).not.toBe(clock)
  emit('end')
  // A clock that went on would leave its timer, which is a faked one, to the files after this.
  other.emit('end')
})
