import { once } from 'node:events'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withReplicas } from '../../src/store/replicas.ts'

const policy = { count: 1, timeoutMs: 200 }
/** For a replica that replies, even on a busy machine. */
const generous = { count: 1, timeoutMs: 10_000 }

let master: TestRedis
let replica: TestRedis
let redis: Redis
beforeAll(async () => {
  master = await startRedis('--repl-diskless-sync-delay', '0')
  replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
  redis = (await connectRedis(master.url, { onError: () => {}, commandTimeoutMs: 15_000 })) as Redis
  await eventually(async () => {
    if (!(await redisCommand(master.port, 'info', 'replication')).includes('state=online'))
      throw new Error('Not yet.')
  }, 30_000)
})
afterAll(async () => {
  redis?.disconnect()
  await replica?.stop()
  await master?.stop()
})

test('an answer comes when the write has reached the replica', async () => {
  expect(await withReplicas(redis, 'k', generous, () => redis.set('k', '1'))).toBe('OK')
  expect(await redisCommand(replica.port, 'get', 'k')).toBe('1')
})

test('a replica that hangs makes it unavailable; without a policy nobody waits', async () => {
  process.kill(replica.pid, 'SIGSTOP')
  try {
    const write = withReplicas(redis, 'k', policy, () => redis.set('k', '2'))
    await expect(write).rejects.toThrow('reached 0 of 1 replicas')
    await expect(write).rejects.toBeInstanceOf(ProblemError)
    expect(await withReplicas(redis, 'k', { count: 0, timeoutMs: 0 }, () => redis.set('k', '3'))).toBe('OK')
  } finally {
    process.kill(replica.pid, 'SIGCONT')
  }
})

test('a new connection after the write proves nothing', async () => {
  const reconnectAfter = async () => {
    const reply = await redis.set('k', '4')
    redis.disconnect(true)
    await once(redis, 'ready')
    return reply
  }
  await expect(withReplicas(redis, 'k', generous, reconnectAfter)).rejects.toThrow('master has changed')
  // WAIT itself succeeds, because the new connection has written nothing that a replica could lack.
  expect(await redis.wait(1, 10_000)).toBe(1)
})
