import { EventEmitter } from 'node:events'
import { Cluster, type Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { redisClockOf } from './redis-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** As much of a connection as the clock needs, and how often it was asked for the time. */
function aConnection() {
  let asked = 0
  const server = { aheadMs: 0 }
  const connection = Object.assign(new EventEmitter(), {
    status: 'ready',
    stream: {},
    time: async () => {
      asked += 1
      return [String(Math.floor((Date.now() + server.aheadMs) / 1000)), '0']
    },
  })
  return {
    server,
    redis: connection as unknown as Redis,
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

test('after a reconnect the time is that of the new server at once, and until then that of the former', async () => {
  vi.setSystemTime(1_000_000_000)
  const { redis, server, asked, emit } = aConnection()
  const clock = redisClockOf(redis)
  server.aheadMs = 5_000_000
  await clock.known()
  vi.setSystemTime(9_000_000_000)
  expect(clock.time()).toBe(1_005_000_000)
  emit('close')
  expect(clock.atLeast()).toBeUndefined()
  expect(clock.time()).toBe(1_005_000_000)
  vi.setSystemTime(2_000_000_000)
  const before = asked()
  emit('ready')
  expect(asked()).toBe(before + 1)
  await vi.advanceTimersByTimeAsync(0)
  expect(clock.time()).toBe(2_005_000_000)
  emit('end')
})

test.each([
  ['first', [0, 5000]],
  ['last', [5000, 0]],
])(
  'on a Cluster the clock is that of the master furthest behind, also when it is the %s',
  async (_, ahead) => {
    vi.setSystemTime(1_000_000_000)
    const masters = ahead.map((aheadMs) => {
      const { server, redis } = aConnection()
      server.aheadMs = aheadMs
      return redis
    })
    const cluster = new Cluster([{ port: 1 }], { lazyConnect: true })
    vi.spyOn(cluster, 'nodes').mockReturnValue(masters)
    expect(await redisClockOf(cluster).known()).toBe(1_000_000_000)
    cluster.emit('end')
  },
)
