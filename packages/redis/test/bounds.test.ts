import { EventEmitter } from 'node:events'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { Cluster, Redis, ReplyError } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { mastersReady } from '../src/connection/cluster.ts'
import { askingSentinels, connectRedis } from '../src/connection/connect.ts'
import { leaveReplica } from '../src/connection/read-only.ts'
import { defineScript } from '../src/rules/script.ts'

// Bounds and pauses of connections, each with its number written out.

async function connected() {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = await connectRedis(server.url, { onError: () => {} })
  onTestFinished(() => redis.disconnect())
  return redis
}

test('64 calls are one run of a script, and one more is a second run', async () => {
  const redis = await connected()
  const runs = async () =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0)
  const one = defineScript(['return 1'], (reply: number) => reply)
  await one(redis, ['k'], [])
  for (const [calls, expected] of [
    [64, 1],
    [65, 2],
  ] as const) {
    const before = await runs()
    await Promise.all(Array.from({ length: calls }, () => one(redis, ['k'], [])))
    expect((await runs()) - before).toBe(expected)
  }
})

test('a call times out 50 ms after its connection', async () => {
  const redis = await connected()
  if (!(redis instanceof Redis)) throw new Error('not a single Redis')
  expect(redis.options).toMatchObject({ socketTimeout: 1000, commandTimeout: 1050, connectTimeout: 2000 })
})

test('a server that loads its data is asked each second whether it has', async () => {
  const redis = await connected()
  if (!(redis instanceof Redis)) throw new Error('not a single Redis')
  expect(redis.options).toMatchObject({ maxLoadingRetryTime: 1000 })
})

test('a start waits 5 s for Sentinels that cannot be reached', async () => {
  const port = await freePort()
  const failed = connectRedis(`redis+sentinel://127.0.0.1:${port}/main`, { onError: () => {} })
  const cause = new Error('No connection within 5000 ms.')
  await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('cannot be reached'), cause })
})

test('a Sentinel that is silent, and a master that takes no connection, are given up after 1 s', () => {
  expect(askingSentinels).toMatchObject({ connectTimeout: 1000, sentinelCommandTimeout: 1000 })
})

test('a start waits 2 s for the nodes of a Cluster', async () => {
  const over = new AbortController()
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal)
  const node = Object.assign(new EventEmitter(), { status: 'connecting' })
  const cluster = Object.create(Cluster.prototype, { nodes: { value: () => [node] } }) as Cluster
  const waiting = mastersReady(cluster)
  over.abort()
  await waiting
  expect(timeout.mock.calls).toEqual([[2000]])
})

test('a replica is left at most twice a second', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const redis = new Redis({ lazyConnect: true })
  const disconnect = vi.spyOn(redis, 'disconnect').mockReturnValue()
  const refusal = new ReplyError('READONLY You cannot write against a read only replica.')
  const leftAfter = (ms: number) => {
    vi.advanceTimersByTime(ms)
    leaveReplica(redis, [refusal])
    return disconnect.mock.calls.length
  }
  expect([leftAfter(0), leftAfter(499), leftAfter(1)]).toEqual([1, 1, 2])
})
