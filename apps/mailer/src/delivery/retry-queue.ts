import { tenantOfIdentity } from '@emailauth/contracts/common'
import type { QueueStatus } from '@emailauth/contracts/service-status'
import type { Logger } from '@emailauth/service/logging/logger'
import { DelayedError, type Job } from 'bullmq'
import { digestOf, type MessageName } from '../message-state/message-name.ts'
import { firstDueAtMs, idsDueAfter } from '../queue/bullmq-internals.ts'
import { createJobQueue, type JobQueue } from '../queue/job-queue.ts'

/** When a job comes again. */
export interface Again {
  /** Unix milliseconds. */
  readonly againAtMs: number
  /** True: only look how a running attempt ended. */
  readonly isLook?: boolean
}

/** Makes a queued attempt. Returns `done`, or when to try again. */
export type Retry = (name: MessageName, isLook: boolean) => Promise<Again | 'done'>

/** Data of a job. */
type Waiting = MessageName & { readonly isLook?: boolean }

/** Messages that wait for their next attempt, in Redis, over all mailers. */
export interface RetryQueue extends Pick<JobQueue<Waiting>, 'takeOverStalled'> {
  /** Queues a message once. A message that already waits keeps its time. */
  add(name: MessageName, atMs: number): Promise<void>
  /** Tries some or all waiting messages now, because the SMTP server is back. Never fails. */
  promote(which: 'few' | 'all'): Promise<void>
  /** Tries those of these messages that wait now. Returns how many they were. */
  promoteThese(names: readonly MessageName[]): Promise<number>
  /** Removes a message that is done, unless its job runs and will find that out. */
  remove(name: MessageName): Promise<void>
  /**
   * Has messages looked at that wait for longer than any does, because the clock of a mailer was set back.
   * Returns how many messages wait for a time.
   */
  promoteMisplaced(): Promise<number>
  /** Starts to make attempts. */
  start(retry: Retry): void
  /** Number of waiting messages. */
  depth(): Promise<number>
  /** How many wait and since when. Beyond {@link LOOKED_AT} the oldest is that of the first and last ones. */
  status(): Promise<QueueStatus>
  /** Stops making attempts and waits for those that run. Messages can still be added. */
  stop(): Promise<void>
  /** Call it after `stop`. */
  close(): Promise<void>
}

const NAME = 'retry'
/** Parallel attempts of one mailer. One tenant gets less than half of them. */
export const CONCURRENCY = 100
/** Messages tried first, to learn whether a server that is back also takes mail. */
const FEW = 5
/** Those that are due first, of which the few are chosen. */
const FEW_OF = 100

/** No message waits longer for its next attempt. A minute is the longest pause (delivery/attempt.ts). */
const LONGEST_WAIT_MS = 65_000
/** Those beyond it that are looked at in one round. */
const PROMOTED_AT_ONCE = 200

/** Waiting messages whose age is looked at: half of them those that are tried next, half those tried last. */
const LOOKED_AT = 400

/**
 * BullMQ knows only this machine's clock, which may be wrong, so it is given times by it.
 *
 * A message's content is sealed in its state and expires with it. `retry` says when a message is done.
 *
 * @param now Unix milliseconds, by the clock of Redis
 */
export function createRetryQueue(
  redisUrl: string,
  logger: Logger | undefined,
  now: () => number,
): RetryQueue {
  const { jobs, ...queue } = createJobQueue<Waiting>(NAME, {
    concurrency: CONCURRENCY,
    tenantOf: ({ identityId }) => tenantOfIdentity(identityId),
    redisUrl,
    logger,
  })

  return {
    async add(name, atMs) {
      const { identityId, messageId } = name
      const delay = Math.max(atMs - now(), 0)
      await jobs.add(NAME, { identityId, messageId }, { jobId: digestOf(name), delay })
    },

    async promote(which) {
      try {
        if (which === 'all') return await jobs.promoteJobs()
        const first = await jobs.getDelayed(0, FEW_OF - 1)
        await Promise.all(chooseFew(first).map((job) => job.promote()))
      } catch (error) {
        logger?.warn({ err: error }, 'the waiting messages were not promoted')
      }
    },

    async promoteThese(names) {
      const promoted = await Promise.all(
        names.map(async (name) => {
          const job = await jobs.getJob(digestOf(name))
          // The job may start by itself meanwhile. Then it is not delayed any more.
          return job !== undefined && (await job.isDelayed()) && job.promote().then(yes, no)
        }),
      )
      return promoted.filter(Boolean).length
    },

    async remove(name) {
      await jobs.remove(digestOf(name))
    },

    async promoteMisplaced() {
      const waiting = await jobs.getDelayedCount()
      if (waiting === 0) return 0
      const ids = await idsDueAfter(jobs, Date.now() + LONGEST_WAIT_MS, PROMOTED_AT_ONCE)
      await Promise.all(
        ids.map(async (id) => {
          const job = await jobs.getJob(id)
          if (job === undefined) return
          // It only looks, and then waits for the time that the message's state has.
          await job.updateData({ ...job.data, isLook: true })
          await job.promote().catch(no)
        }),
      )
      return waiting
    },

    start(retry) {
      queue.start(async (job, token) => {
        const { identityId, messageId, isLook = false } = job.data
        const next = await retry({ identityId, messageId }, isLook)
        if (next === 'done') return
        const looksNext = next.isLook ?? false
        if (looksNext !== isLook) await job.updateData({ identityId, messageId, isLook: looksNext })
        await job.moveToDelayed(Date.now() + next.againAtMs - now(), token)
        throw new DelayedError()
      })
    },

    depth: async () => jobs.count(),

    async status() {
      const half = LOOKED_AT / 2
      const [waiting, dueAtMs, first, last, active] = await Promise.all([
        jobs.count(),
        firstDueAtMs(jobs),
        jobs.getDelayed(0, half - 1),
        jobs.getDelayed(-half, -1),
        jobs.getWaiting(0, half - 1),
      ])
      // A job keeps the time at which its message came, however often it is tried.
      const cameMs = [...first, ...last, ...active].map(({ timestamp }) => timestamp)
      return {
        waiting,
        oldestAt: cameMs.length === 0 ? null : new Date(Math.min(...cameMs)).toISOString(),
        nextAttemptAt: dueAtMs === undefined ? null : new Date(dueAtMs - Date.now() + now()).toISOString(),
      }
    },
    takeOverStalled: queue.takeOverStalled,
    stop: queue.stop,
    close: queue.close,
  }
}

/** Of different tenants where there are: all of one tenant may be for a server of its own that hangs. */
function chooseFew(jobs: readonly Job<Waiting>[]): Job<Waiting>[] {
  const tenants = new Set<string>()
  const firsts = jobs.filter(({ data }) => {
    const tenantId = tenantOfIdentity(data.identityId)
    const isFirst = !tenants.has(tenantId)
    tenants.add(tenantId)
    return isFirst
  })
  return [...firsts, ...jobs.filter((job) => !firsts.includes(job))].slice(0, FEW)
}

const yes = () => true
const no = () => false
