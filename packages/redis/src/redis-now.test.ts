import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openRedisNow } from './redis-now.ts'

/** A Redis that says a time, and how often it was asked. */
function aRedis(seconds: number) {
  const redis = {
    seconds,
    asked: 0,
    isAway: false,
    async time() {
      redis.asked += 1
      if (redis.isAway) throw new Error('away')
      return [String(redis.seconds), '500000']
    },
  }
  return redis
}

test('it is the time of Redis, whatever the clock of the machine says', async () => {
  const redis = aRedis(1000)
  const clocks = { wall: 7, monotonic: 5 }
  const now = await openRedisNow(redis, { wall: () => clocks.wall, monotonic: () => clocks.monotonic })
  expect(now()).toBe(1_000_500)
  clocks.wall += 3_600_000
  clocks.monotonic += 20.7
  expect(now()).toBe(1_000_520)
})

test('without a first answer it is the time of the machine until one comes', async () => {
  const redis = aRedis(1000)
  redis.isAway = true
  let at = 0
  const now = await openRedisNow(redis, { wall: () => 7, monotonic: () => at })
  redis.isAway = false
  at = 1000
  expect(now()).toBe(7)
  await nextTurn()
  expect(now()).toBe(1_000_500)
})

test('Redis is asked again when its answer is 10 s old, and a second after it gave none', async () => {
  const redis = aRedis(1000)
  let at = 0
  const now = await openRedisNow(redis, { wall: () => 7, monotonic: () => at })
  const askedAfter = async (ms: number) => {
    at += ms
    now()
    now()
    await nextTurn()
    return redis.asked
  }
  await nextTurn()
  expect(await askedAfter(9999)).toBe(1)
  redis.seconds = 2000
  expect(await askedAfter(1)).toBe(2)
  expect(now()).toBe(2_000_500)
  redis.isAway = true
  expect(await askedAfter(10_000)).toBe(3)
  expect(await askedAfter(999)).toBe(3)
  expect(await askedAfter(1)).toBe(4)
  // Meanwhile the last answer counts.
  expect(now()).toBe(2_011_500)
})
