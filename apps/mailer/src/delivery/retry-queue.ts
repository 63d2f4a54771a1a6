import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '@emailauth/service/logger'
import { DelayedError, Queue, Worker } from 'bullmq'
import { digestOf, type MessageName } from '../message-state/message-name.ts'
import { connectForQueue, QUEUE_PREFIX } from './queue-connection.ts'

/** Makes a queued attempt. Returns `done`, or when to try again (Unix milliseconds). */
export type Retry = (
  name: MessageName,
  isLook: boolean,
) => Promise<
  | {
      readonly againAtMs: number
      /** True: only look how a running attempt ended. */
      readonly isLook?: boolean
    }
  | 'done'
>

/** Data of a job. */
type Waiting = MessageName & { readonly isLook?: boolean }

/** Messages that wait for their next attempt, in Redis, over all mailers. */
export interface RetryQueue {
  /** Queues a message once. A message that already waits keeps its time. */
  add(name: MessageName, atMs: number): Promise<void>
  /** Tries some or all waiting messages now, because the SMTP server is back. Never fails. */
  promote(which: 'few' | 'all'): Promise<void>
  /** Tries those of these messages that wait now. Returns how many they were. */
  promoteThese(names: readonly MessageName[]): Promise<number>
  /** Starts to make attempts. */
  start(retry: Retry): void
  /** Number of waiting messages. */
  depth(): Promise<number>
  /** Stops making attempts and waits for those that run. Messages can still be added. */
  stop(): Promise<void>
  /** Call it after `stop`. */
  close(): Promise<void>
}

const NAME = 'retry'
/** Parallel attempts of one mailer. */
const CONCURRENCY = 50
/** Messages tried first, to learn whether a server that is back also takes mail. */
const FEW = 5
/** After this a dead mailer's job is taken over. */
const LOCK_MS = 6000
const STALLED_CHECK_MS = 2000
/** Closing waits at most this long for running attempts. */
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
  const connection = connectForQueue(
    redisUrl,
    { enableOfflineQueue: false, maxRetriesPerRequest: 1 },
    onError,
  )
  const queue = new Queue<Waiting>(NAME, {
    connection,
    prefix: QUEUE_PREFIX,
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
          // The job may start by itself meanwhile. Then it is not delayed any more.
          return job !== undefined && (await job.isDelayed()) && job.promote().then(yes, no)
        }),
      )
      return promoted.filter(Boolean).length
    },

    start(retry) {
      const blocking = connectForQueue(redisUrl, { maxRetriesPerRequest: null }, onError)
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
          prefix: QUEUE_PREFIX,
          concurrency: CONCURRENCY,
          lockDuration: LOCK_MS,
          stalledInterval: STALLED_CHECK_MS,
          maxStalledCount: 100_000,
        },
      )
      running.on('error', onError)
      worker = {
        async stop() {
          // Without Redis the end of a job cannot be recorded. Its lock runs out and another mailer takes it.
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
