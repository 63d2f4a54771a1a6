import { setTimeout as wait } from 'node:timers/promises'
import { parseRedisUrl } from '@emailauth/redis/connect'
import type { Logger } from '@emailauth/service/logger'
import { DelayedError, Queue, Worker } from 'bullmq'
import { Cluster, Redis } from 'ioredis'
import { digestOf, type MessageName } from '../message-state/message-name.ts'

/** What becomes of a message whose turn has come: done, or again at a moment (Unix milliseconds). */
export type Retry = (
  name: MessageName,
  isLook: boolean,
) => Promise<
  | {
      readonly againAtMs: number /** Only to see how an attempt under way ended. */
      readonly isLook?: boolean
    }
  | 'done'
>

/** What a job holds. */
type Waiting = MessageName & { readonly isLook?: boolean }

/** Messages that wait for their next attempt, in Redis, over all mailers. */
export interface RetryQueue {
  /** Queues a message once; one that already waits stays where it is. */
  add(name: MessageName, atMs: number): Promise<void>
  /** The SMTP server is back: some of what waits is tried now, or all of it. Never fails. */
  promote(which: 'few' | 'all'): Promise<void>
  /** These messages are tried now, of those that wait; how many they were. */
  promoteThese(names: readonly MessageName[]): Promise<number>
  /** Begins to make attempts. */
  start(retry: Retry): void
  /** How many messages wait. */
  depth(): Promise<number>
  /** Makes no more attempts and waits for those that run; messages can still be added. */
  stop(): Promise<void>
  /** After `stop`. */
  close(): Promise<void>
}

const NAME = 'retry'
/** One hash slot on a Cluster. */
const PREFIX = '{ea:mail}'
/** Attempts at a time in one mailer. */
const CONCURRENCY = 50
/** So many mails show whether a server that is back takes mails too. */
const FEW = 5
/** A job of a mailer that died is taken over after so long. */
const LOCK_MS = 6000
const STALLED_CHECK_MS = 2000
/** Closing waits no longer than this for running attempts. */
const STOP_MS = 7000

/**
 * BullMQ keeps the queue. A job holds ids only; the mail's content is sealed in the message's state and
 * expires with it. A job never fails for good: `retry` says when a message is done, and other faults, such
 * as a Redis outage, pass.
 */
export function createRetryQueue(
  redisUrl: string,
  logger: Logger | undefined,
  now: () => number,
): RetryQueue {
  const onError = (error: Error) => logger?.warn({ err: error }, 'retry queue')
  const connection = connect(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 }, onError)
  const queue = new Queue<Waiting>(NAME, {
    connection,
    prefix: PREFIX,
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: true,
      attempts: 100_000,
      backoff: { type: 'fixed', delay: 2000 },
      stackTraceLimit: 1,
    },
  })
  queue.on('error', onError)
  let worker: { readonly stop: () => Promise<void> } | undefined

  return {
    async add(name, atMs) {
      const { identityId, messageId } = name
      const delay = Math.max(atMs - now(), 0)
      await queue.add(NAME, { identityId, messageId }, { jobId: digestOf(name), delay })
    },

    async promote(which) {
      try {
        if (which === 'all') return await queue.promoteJobs()
        const jobs = await queue.getDelayed(0, FEW - 1)
        await Promise.all(jobs.map((job) => job.promote()))
      } catch (error) {
        logger?.warn({ err: error }, 'what waits for its next attempt was not hastened')
      }
    },

    async promoteThese(names) {
      const promoted = await Promise.all(
        names.map(async (name) => {
          const job = await queue.getJob(digestOf(name))
          // It may begin by itself in between, and is no longer delayed then.
          return job !== undefined && (await job.isDelayed()) && job.promote().then(yes, no)
        }),
      )
      return promoted.filter(Boolean).length
    },

    start(retry) {
      const blocking = connect(redisUrl, { maxRetriesPerRequest: null }, onError)
      const running = new Worker<Waiting>(
        NAME,
        async (job, token) => {
          const { identityId, messageId, isLook = false } = job.data
          const next = await retry({ identityId, messageId }, isLook)
          if (next === 'done') return
          const looksNext = next.isLook ?? false
          if (looksNext !== isLook) await job.updateData({ identityId, messageId, isLook: looksNext })
          await job.moveToDelayed(next.againAtMs, token)
          throw new DelayedError()
        },
        {
          connection: blocking,
          prefix: PREFIX,
          concurrency: CONCURRENCY,
          lockDuration: LOCK_MS,
          stalledInterval: STALLED_CHECK_MS,
          maxStalledCount: 100_000,
        },
      )
      running.on('error', onError)
      worker = {
        async stop() {
          // Without Redis a job's end cannot be told; its lock runs out and another mailer takes it.
          await Promise.race([
            running.close(blocking.status !== 'ready'),
            wait(STOP_MS, undefined, { ref: false }),
          ])
          blocking.disconnect()
        },
      }
    },

    depth: async () => queue.count(),

    stop: async () => worker?.stop(),

    async close() {
      connection.disconnect()
      await Promise.race([queue.close(), wait(STOP_MS, undefined, { ref: false })])
    },
  }
}

const yes = () => true
const no = () => false

/** BullMQ's blocking commands wait as long as they like, so it cannot share the mailer's own connection. */
function connect(
  redisUrl: string,
  options: { enableOfflineQueue?: boolean; maxRetriesPerRequest: number | null },
  onError: (error: Error) => void,
): Redis | Cluster {
  const address = parseRedisUrl(redisUrl)
  const retryStrategy = (attempt: number) => Math.min(50 * attempt, 1000)
  const redisOptions = { ...address.options, ...options, replyMapping: 'legacy' as const, retryStrategy }
  const redis =
    address.kind === 'cluster'
      ? new Cluster(address.nodes, { redisOptions, clusterRetryStrategy: retryStrategy })
      : new Redis(redisOptions)
  redis.on('error', onError)
  return redis
}
