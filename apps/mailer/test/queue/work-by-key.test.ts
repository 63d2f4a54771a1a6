import { randomBytes } from 'node:crypto'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { expect, onTestFinished, test } from 'vitest'
import { createWorkByKey, takeWorkByKey } from '../../src/queue/work-by-key.ts'

/** The offers of one queue, at a mailer with two keys, and the ids of these keys. */
async function offers() {
  const server = keep(await startRedis())
  const redis = await connectRedis(server.url, { onError: () => {} })
  onTestFinished(() => redis.disconnect())
  const ring = createKeyRing([randomBytes(32), randomBytes(32)])
  await ring.ready()
  const keyIds = ring.keys.map(({ id }) => id.toString('hex'))
  return { redis, offered: createWorkByKey(redis, ring, 'retry'), keyIds }
}

test('an offer is kept for two minutes after the last one', async () => {
  const { redis, offered } = await offers()
  await offered.offer('01020304', 'demo.1')
  const key = '{ea:mail}:retry:by-key:01020304'
  const leftMs = await redis.pttl(key)
  expect(leftMs).toBeGreaterThan(60_000)
  expect(leftMs).toBeLessThanOrEqual(120_000)
  await redis.pexpire(key, 50_000)
  await offered.offer('01020304', 'demo.2')
  expect(await redis.pttl(key)).toBeGreaterThan(60_000)
})

test('a look takes 100 offers of each key and none of other keys; the next look comes at once for the rest', async () => {
  const { redis, offered, keyIds } = await offers()
  const [one = '', two = ''] = keyIds
  await Promise.all(Array.from({ length: 101 }, (_, n) => offered.offer(one, `one.${n}`)))
  await offered.offer(two, 'two.0')
  await offered.offer('01020304', 'stranger')
  const done: string[] = []
  const task = takeWorkByKey('retries-by-key', offered, async (what) => void done.push(what))
  const rests: unknown[] = []
  const round = { rest: () => void rests.push(done.length), signal: new AbortController().signal }
  expect(await task.run(round as never)).toBe(true)
  expect(done).toHaveLength(101)
  expect(done).toContain('two.0')
  expect(await task.run(round as never)).toBe(false)
  expect(new Set(done).size).toBe(102)
  await task.run(round as never)
  expect(rests).toEqual([102])
  expect(await redis.scard('{ea:mail}:retry:by-key:01020304')).toBe(1)
})
