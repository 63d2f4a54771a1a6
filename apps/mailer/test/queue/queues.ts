import { type FaultProxy, startFaultProxy } from '@emailauth/testing/fault-proxy'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterEach, beforeEach } from 'vitest'
import { createJobQueue, type JobQueue, QUEUE_TIMES } from '../../src/queue/job-queue.ts'

export type Work = { readonly of: string }

/** Far longer than any time-out; a call that waits for ever fails its test. */
export const LONG_MS = 30_000

/** What a test of queues has to itself. */
export interface Queues {
  readonly redis: TestRedis
  /** Before that Redis. */
  readonly proxy: FaultProxy
  /** Opens a queue, which ends with the test. Default: at that Redis, with its usual times. */
  open(url?: string, times?: Partial<typeof QUEUE_TIMES>): JobQueue<Work>
  /** Ends all that are open, where their Redis ends before the test. */
  endAll(): Promise<void>
}

/** Starts a Redis for each test of the file that calls this. */
export function useQueues(): Queues {
  const queues: JobQueue<Work>[] = []
  let redis: TestRedis
  let proxy: FaultProxy
  async function endAll() {
    for (const queue of queues.splice(0)) {
      await queue.stop()
      await queue.close()
    }
  }
  beforeEach(async () => {
    redis = await startRedis()
    proxy = await startFaultProxy(redis.port)
  })
  afterEach(async () => {
    process.kill(redis.pid, 'SIGCONT')
    proxy.set('none')
    await endAll()
    await proxy.stop()
    await redis.stop()
  })
  return {
    get redis() {
      return redis
    },
    get proxy() {
      return proxy
    },
    open(url = redis.url, times = {}) {
      const queue = createJobQueue<Work>('test', {
        concurrency: 2,
        tenantOf: ({ of }) => of,
        redisUrl: url,
        logger: undefined,
        times: { ...QUEUE_TIMES, ...times },
      })
      queues.push(queue)
      return queue
    },
    endAll,
  }
}

export const add = ({ jobs }: JobQueue<Work>, of: string) => jobs.add('test', { of }, { jobId: of })
