import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import type { RedisConnection } from '../../src/connection/connection.ts'

const COMMAND_TIMEOUT_MS = 1000

/** Redis answers after a while, and all that time this process does not run. */
async function heldUp(redis: RedisConnection): Promise<unknown> {
  const call = redis.blpop('nothing', COMMAND_TIMEOUT_MS / 4000)
  // The command leaves within some turns of the event loop, also on a Cluster.
  for (let turn = 0; turn < 10; turn++) await nextTurn()
  holdUp()
  return call
}

const holdUp = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.5 * COMMAND_TIMEOUT_MS)

/** Holds this process up before the next command is written, when its time-outs run already. */
function holdUpBeforeWriting(redis: RedisConnection): void {
  const { stream } = redis as Redis & { readonly stream: Socket }
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
  stream.write = ((...args: unknown[]) => {
    stream.write = write as typeof stream.write
    holdUp()
    return write(...args)
  }) as typeof stream.write
}

test('a process that was held up itself reads the replies that came meanwhile, and keeps its connection', async () => {
  const server = await startRedis()
  const errors: Error[] = []
  const onError = (error: Error) => errors.push(error)
  const redis = await connectRedis(server.url, {
    onError,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    scriptsAtOnce: true,
  })
  try {
    const id = await redis.client('ID')
    for (let i = 0; i < 2; i++) expect(await heldUp(redis)).toBeNull()
    expect(await redis.client('ID')).toBe(id)
    expect(errors).toEqual([])
  } finally {
    redis.disconnect()
    await server.stop()
  }
})

test('a command that left only after that waits for its reply; a Redis that is silent is given up all the same', async () => {
  const server = await startRedis()
  const errors: Error[] = []
  const redis = await connectRedis(server.url, {
    onError: (error) => errors.push(error),
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  })
  try {
    // The reply comes after the turn of the event loop in which the late timers are due.
    holdUpBeforeWriting(redis)
    expect(await redis.blpop('nothing', COMMAND_TIMEOUT_MS / 4000)).toBeNull()
    expect(errors).toEqual([])

    process.kill(server.pid, 'SIGSTOP')
    holdUpBeforeWriting(redis)
    await expect(redis.get('nothing')).rejects.toThrow()
    // The timer of the command may be the first of the two.
    await eventually(() =>
      expect(errors).toMatchObject([{ message: expect.stringMatching(/^Socket timeout/) }]),
    )
  } finally {
    process.kill(server.pid, 'SIGCONT')
    redis.disconnect()
    await server.stop()
  }
})

test('the same on a Cluster', async () => {
  const cluster = await startCluster()
  const redis = await connectRedis(cluster.url, {
    onError: () => {},
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  })
  try {
    // The connection to a node does first what it does once.
    await redis.get('nothing')
    for (let i = 0; i < 2; i++) expect(await heldUp(redis)).toBeNull()
  } finally {
    redis.disconnect()
    await cluster.stop()
  }
})
