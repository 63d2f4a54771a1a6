import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '@emailauth/service/logger'
import { Queue, Worker } from 'bullmq'
import { connectForQueue, QUEUE_PREFIX } from '../delivery/queue-connection.ts'

/** Which endpoints have something due, in Redis, over all mailers. */
export interface WebhookQueue {
  /** Makes sure that a job exists; with `atMs` absent it is due now. */
  ensure(endpointId: string, job: string, atMs?: number): Promise<void>
  /** Begins to work. `turn` answers the job that follows. */
  start(turn: (endpointId: string, job: string, signal: AbortSignal) => Promise<NextJob | undefined>): void
  /** Begins no more turns and cuts those that run; what they had in hand is taken over. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface NextJob {
  readonly job: string
  /** undefined: it exists already. */
  readonly dueMs: number | undefined
}

interface Work {
  readonly endpointId: string
}

const NAME = 'webhooks'
/** Endpoints that one mailer works on at a time. */
const CONCURRENCY = 100
/** A job of a mailer that died is taken over after so long. */
const LOCK_MS = 6000
const STALLED_CHECK_MS = 2000
const STOP_MS = 7000

/**
 * BullMQ keeps the queue: a job for each endpoint with something to do, never two at a time, so that an
 * endpoint is never called by more than its share. A job holds ids only. It never fails for good; faults such
 * as a Redis outage pass.
 */
export function createWebhookQueue(
  redisUrl: string,
  logger: Logger | undefined,
  now: () => number,
): WebhookQueue {
  const onError = (error: Error) => logger?.warn({ err: error }, 'webhook queue')
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1 }
  const connection = connectForQueue(redisUrl, options, onError)
  const queue = new Queue<Work>(NAME, {
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
  const stopping = new AbortController()
  let worker: { readonly stop: () => Promise<void> } | undefined

  const ensure: WebhookQueue['ensure'] = async (endpointId, jobId, atMs) => {
    const delay = atMs === undefined ? 0 : Math.max(atMs - now(), 0)
    await queue.add(NAME, { endpointId }, { jobId, delay })
    if (atMs !== undefined) return
    const job = await queue.getJob(jobId)
    // It may begin by itself in between, and is no longer delayed then.
    if (job !== undefined && (await job.isDelayed())) await job.promote().catch(() => {})
  }

  return {
    ensure,

    start(turn) {
      const blocking = connectForQueue(redisUrl, { maxRetriesPerRequest: null }, onError)
      const running = new Worker<Work>(
        NAME,
        async ({ data: { endpointId }, id = '' }) => {
          const next = await turn(endpointId, id, stopping.signal)
          if (next !== undefined) await ensure(endpointId, next.job, next.dueMs ?? now())
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
          stopping.abort()
          await Promise.race([
            running.close(blocking.status !== 'ready'),
            wait(STOP_MS, undefined, { ref: false }),
          ])
          blocking.disconnect()
        },
      }
    },

    stop: async () => worker?.stop(),

    async close() {
      connection.disconnect()
      await Promise.race([queue.close(), wait(STOP_MS, undefined, { ref: false })])
    },
  }
}
