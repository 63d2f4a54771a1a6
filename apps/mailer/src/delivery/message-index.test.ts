import { connectRedis, type RedisConnection } from '@emailauth/redis/connect'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMessageIndex, type MessageIndex } from './message-index.ts'
import { digestOf } from './message-name.ts'

let server: TestRedis
let redis: RedisConnection
let index: MessageIndex
let nowMs: number
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = Date.parse('2026-11-20T10:00:00Z')
  index = createMessageIndex(redis, () => nowMs)
})

const name = (i: number) => ({ identityId: `demo.${i}`, messageId: `m ${i}` })

test('pages come latest first, without gaps and doubles, also within one millisecond', async () => {
  for (let i = 0; i < 30; i++) {
    if (i % 10 === 0) nowMs++
    await index.reached(name(i), 'sent')
  }
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await index.page('sent', 7, after)
    seen.push(...page.names.map(({ messageId }) => messageId))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(new Set(seen).size).toBe(30)
  expect(seen).toHaveLength(30)
  expect(seen.slice(0, 10).every((id) => Number(id.slice(2)) >= 20)).toBe(true)
})

test('a message stands in one list only, and a cursor that is none is an empty page', async () => {
  await index.underWay(name(1))
  expect((await index.page('queued', 10, undefined)).names).toEqual([name(1)])
  await index.reached(name(1), 'deferred')
  await index.underWay(name(1))
  await index.reached(name(1), 'sent')
  expect((await index.page('queued', 10, undefined)).names).toEqual([])
  expect((await index.page('deferred', 10, undefined)).names).toEqual([])
  expect((await index.page('sent', 10, undefined)).names).toEqual([name(1)])
  expect(await index.page('sent', 10, 'garbage')).toEqual({ names: [], next: null })
})

test('an orphan is found when its lease is over, and given to one only', async () => {
  await index.underWay(name(1))
  expect(await index.orphans(10)).toEqual([])
  nowMs += 5001
  const found = await Promise.all(Array.from({ length: 10 }, () => index.orphans(10)))
  expect(found.flat()).toEqual([name(1)])
  nowMs += 5001
  expect(await index.orphans(10)).toEqual([name(1)])
  await index.forget(name(1))
  nowMs += 5001
  expect(await index.orphans(10)).toEqual([])
})

test('a name is found by its digest for as long as it was asked for', async () => {
  await index.reached(name(1), 'sent', 60_000)
  await index.reached(name(2), 'sent')
  expect(await index.byDigest(digestOf(name(1)))).toEqual(name(1))
  expect(await index.byDigest(digestOf(name(2)))).toBeUndefined()
  for (const key of await redis.keys('*')) expect(await redis.pttl(key)).toBeGreaterThan(0)
})
