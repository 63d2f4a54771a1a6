import { tenantOfWebhook } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logging/logger'
import { createJobQueue, type JobQueue } from '../queue/job-queue.ts'

/** Which endpoints have something due, in Redis, over all mailers. */
export interface WebhookQueue extends Pick<JobQueue<Work>, 'takeOverStalled'> {
  /** Makes sure that a job exists; with `atMs` absent it is due now. */
  ensure(endpointId: string, job: string, atMs?: number): Promise<void>
  /** Begins to work. `turn` answers the job that follows. */
  start(turn: (endpointId: string, job: string, signal: AbortSignal) => Promise<NextJob | undefined>): void
  /** Begins no more turns and cuts those that run; what they had in hand is taken over. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** The job that follows a turn. `dueMs` is in Unix milliseconds. */
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
export const CONCURRENCY = 100

/**
 * One job for each endpoint with something to do, never two at a time, so that all mailers together keep to
 * an endpoint's limit of parallel calls.
 */
export function createWebhookQueue(
  redisUrl: string,
  logger: Logger | undefined,
  now: () => number,
): WebhookQueue {
  const { jobs, ...queue } = createJobQueue<Work>(NAME, {
    concurrency: CONCURRENCY,
    tenantOf: ({ endpointId }) => tenantOfWebhook(endpointId),
    redisUrl,
    logger,
  })
  const stopping = new AbortController()

  const ensure: WebhookQueue['ensure'] = async (endpointId, jobId, atMs) => {
    const delay = atMs === undefined ? 0 : Math.max(atMs - now(), 0)
    await jobs.add(NAME, { endpointId }, { jobId, delay })
    if (atMs !== undefined) return
    const job = await jobs.getJob(jobId)
    // The job may begin by itself in between, and is no longer delayed then.
    if (job !== undefined && (await job.isDelayed())) await job.promote().catch(() => {})
  }

  return {
    ensure,

    start(turn) {
      queue.start(async ({ data: { endpointId }, id = '' }) => {
        const next = await turn(endpointId, id, stopping.signal)
        if (next !== undefined) await ensure(endpointId, next.job, next.dueMs ?? now())
      })
    },

    async stop() {
      stopping.abort()
      await queue.stop()
    },
    takeOverStalled: queue.takeOverStalled,
    close: queue.close,
  }
}
