import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import { stalledCheckOf } from './bullmq-internals.ts'
import { createFairPlaces } from './fair-places.ts'
import { connectForQueue, copiesMayBlock } from './queue-connection.ts'

/** Jobs in Redis, over all mailers, and this mailer's worker. */
export interface JobQueue<Data> {
  readonly jobs: Queue<Data>
  /** Starts to work on jobs. */
  start(work: (job: Job<Data>, token?: string) => Promise<void>): void
  /** Takes over the jobs of dead mailers. `busy`: a mailer works on jobs now, so look again soon. */
  takeOverStalled(): Promise<'busy' | 'idle'>
  /**
   * Starts no more jobs and waits for those that run, once in all: further calls wait for the first one. Jobs
   * can still be added. Never fails.
   */
  stop(): Promise<void>
  /** Call it after `stop`. */
  close(): Promise<void>
}

/** Prefix of all queues. The braces put all keys into one hash slot of a Cluster. */
const PREFIX = '{ea:mail}'
/** The clocks of a queue. */
export const QUEUE_TIMES = {
  /** After this a dead mailer's job is taken over. */
  lockMs: 6000,
  /** All mailers together look at the locks of running jobs this often. */
  stalledCheckMs: 2000,
  /** A call without a reply fails after this time, as at a Redis that hangs. */
  callMs: 2000,
  /** The same for calls of a worker, which are sent again on a new connection. Shorter than its lock. */
  workMs: 3000,
  /** How long one command waits for a job. */
  waitSeconds: 10,
  /** The time-out of the connection that waits. */
  blockMs: 15_000,
  /** Closing waits at most this long for running jobs. */
  stopMs: 7000,
  /** Without running jobs it waits at most this long for Redis, which may hang. */
  closeMs: 1500,
}

export interface JobQueueOptions<Data> {
  /** Parallel jobs of one mailer. */
  readonly concurrency: number
  /** Whose a job is. Tenants share the places of a mailer (fair-places.ts). */
  readonly tenantOf: (data: Data) => string
  readonly redisUrl: string
  readonly logger: Logger | undefined
  /** Default: `QUEUE_TIMES`. */
  readonly times?: typeof QUEUE_TIMES
}

/**
 * BullMQ keeps the queue. A job holds ids only, because its data is not sealed. It never fails for good: it
 * is repeated until its work ends without an error, since faults such as a Redis outage pass.
 */
export function createJobQueue<Data>(
  name: string,
  { concurrency, tenantOf, redisUrl, logger, times = QUEUE_TIMES }: JobQueueOptions<Data>,
): JobQueue<Data> {
  const log = createTroubleLog(logger, {
    trouble: `the queue "${name}" cannot be worked on, and goes on by itself once Redis answers; nothing of it is lost`,
  })
  const onError = (error: Error) => log.fault({ err: error })
  const connection = connectForQueue(
    redisUrl,
    {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: times.callMs,
      socketTimeout: times.callMs,
    },
    onError,
  )
  const jobs: Queue<Data> = new Queue(name, {
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
  jobs.on('error', onError)
  let worker: { readonly checkStalled: () => Promise<void>; readonly stop: () => Promise<void> } | undefined
  let stopped: Promise<void> | undefined

  return {
    jobs,

    start(work) {
      const blocking = connectForQueue(
        redisUrl,
        { maxRetriesPerRequest: null, socketTimeout: times.workMs },
        onError,
      )
      copiesMayBlock(blocking, redisUrl, times.blockMs)
      const atWork = new Set<Promise<void>>()
      const places = createFairPlaces(concurrency)
      const inTurn = async (job: Job<Data>, token?: string) => {
        const tenantId = tenantOf(job.data)
        const againAtMs = places.enter(tenantId)
        if (againAtMs !== undefined) {
          await job.moveToDelayed(againAtMs, token)
          throw new DelayedError()
        }
        await work(job, token).finally(() => places.leave(tenantId))
      }
      const noted = (job: Job<Data>, token?: string) => {
        const turn = inTurn(job, token).finally(() => atWork.delete(turn))
        atWork.add(turn)
        return turn
      }
      /** Waits for running jobs, and then for Redis to record their ends. */
      const jobsEnd = async (closing: Promise<void>): Promise<void> => {
        await Promise.allSettled(atWork)
        await waitAtMost(times.closeMs, closing)
        // Redis may have handed this job out just before.
        if (atWork.size > 0) await jobsEnd(closing)
      }
      const running = new Worker<Data>(name, noted, {
        connection: blocking,
        prefix: PREFIX,
        concurrency,
        lockDuration: times.lockMs,
        drainDelay: times.waitSeconds,
        // BullMQ's own timer would ask all the time, even when no job runs anywhere.
        skipStalledCheck: true,
        stalledInterval: times.stalledCheckMs,
        maxStalledCount: 100_000,
      })
      running.on('error', onError)
      worker = {
        checkStalled: stalledCheckOf(running),
        async stop() {
          // Without Redis the end of a job cannot be recorded. Its lock runs out and another mailer takes it.
          const ended = jobsEnd(running.close(blocking.status !== 'ready'))
          await waitAtMost(times.stopMs, ended.catch(onError))
          blocking.disconnect()
        },
      }
    },

    async takeOverStalled() {
      if ((await jobs.getActiveCount()) === 0) return 'idle'
      await worker?.checkStalled()
      return 'busy'
    },

    async stop() {
      stopped ??= worker?.stop()
      await stopped
    },

    async close() {
      connection.disconnect()
      await waitAtMost(times.closeMs, jobs.close())
    },
  }
}
