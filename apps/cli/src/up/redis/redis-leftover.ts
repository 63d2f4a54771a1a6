import { readFile, rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { connectToRedis } from '../../connection/connect-to-redis.ts'
import { CliError, EXIT } from '../../exit-codes.ts'
import { isAlive, markOf } from '../home/process-mark.ts'

const TIMEOUT_MS = 10_000

/**
 * Stops the Redis of an `up` that was killed, and waits for its end. Two servers on one append-only file
 * would destroy it. `record` is the file with its URL.
 */
export async function endLeftoverRedis(record: string, folder: string): Promise<void> {
  const url = await readFile(record, 'utf8').catch(() => undefined)
  if (url === undefined) return
  const redis = await connectToRedis(url.trim()).catch(() => undefined)
  if (redis !== undefined) {
    try {
      if (await isOurs(redis, folder)) await shutDown(redis)
    } finally {
      redis.disconnect()
    }
  }
  await rm(record, { force: true })
}

/** The port may belong to another program by now. Our own server runs in our own folder. */
async function isOurs(redis: RedisConnection, folder: string): Promise<boolean> {
  const reply = await redis.call('CONFIG', 'GET', 'dir')
  return Array.isArray(reply) && reply[1] === folder
}

async function shutDown(redis: RedisConnection): Promise<void> {
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  const mark = await markOf(pid)
  // The reply to SHUTDOWN is that the connection ends.
  await redis.call('SHUTDOWN').catch(() => {})
  const deadline = Date.now() + TIMEOUT_MS
  while (await isAlive(mark)) {
    if (Date.now() > deadline) {
      throw new CliError(
        EXIT.failed,
        `A Redis of an earlier "emailauth up" (process ${pid}) does not end; end it by hand.`,
      )
    }
    await wait(20)
  }
}
