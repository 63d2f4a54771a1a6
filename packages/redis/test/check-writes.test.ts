import { rm } from 'node:fs/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkWrites } from '../src/check-writes.ts'
import { connectRedis, type RedisConnection } from '../src/connection/connect.ts'

let server: TestRedis
let redis: RedisConnection
beforeEach(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterEach(async () => {
  redis?.disconnect()
  await server?.stop()
})

const check = () => checkWrites(redis, 'ea:{ready}')

test('a server that accepts writes; its key goes by itself', async () => {
  await expect(check()).resolves.toBeUndefined()
  const life = await redis.pttl('ea:{ready}')
  expect(life).toBeGreaterThan(50_000)
  expect(life).toBeLessThanOrEqual(60_000)
})

test.each([
  ['OOM', /memory is full.* OOM/, ['maxmemory', '1'], ['maxmemory', '0']],
  [
    'NOREPLICAS',
    /too few replicas.* NOREPLICAS/,
    ['min-replicas-to-write', '1'],
    ['min-replicas-to-write', '0'],
  ],
] as const)(
  '%s is said with the way out, and over when it is over',
  async (_code, words, broken, repaired) => {
    await redis.config('SET', ...broken)
    await expect(check()).rejects.toThrow(words)
    await redis.config('SET', ...repaired)
    await expect(check()).resolves.toBeUndefined()
  },
)

test('READONLY: a master that has become a replica', async () => {
  await redis.replicaof('127.0.0.1', 1)
  await expect(check()).rejects.toThrow(/it is a replica.* READONLY/)
  await eventually(() => redis.replicaof('NO', 'ONE'))
  await eventually(check)
})

test('MISCONF: a server that cannot write its dump', async () => {
  await redis.config('SET', 'save', '3600 1000000')
  await rm(server.folder, { recursive: true })
  await redis.bgsave()
  await eventually(() => expect(check()).rejects.toThrow(/disk.* MISCONF/))
})

test('NOPERM: a user that may only read', async () => {
  await redis.acl('SETUSER', 'reader', 'on', '>secret', '~*', '+@read', '+@connection', '+info')
  const url = server.url.replace('redis://', 'redis://reader:secret@')
  const reader = await connectRedis(url, { onError: () => {} })
  try {
    await expect(checkWrites(reader, 'ea:{ready}')).rejects.toThrow(/may not write.* NOPERM/)
  } finally {
    reader.disconnect()
  }
})
