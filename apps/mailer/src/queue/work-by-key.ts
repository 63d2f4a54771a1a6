import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'

/**
 * Work of a queue for which the mailer that got it lacks the key. Which mailer gets a job is chance, so this
 * mailer offers the work under the id of the key, and one that has the key does it. The job stays in the
 * queue and comes again, so that an offer which is lost is made again.
 */
export interface WorkByKey {
  /** Offers work to mailers that have this key. `keyId` is in hex. */
  offer(keyId: string, work: string): Promise<void>
  /** Takes work that is offered under a key of this mailer, up to {@link AT_ONCE} for each key. */
  take(): Promise<readonly string[]>
}

/** How long an offer is kept. Its job comes again before that. */
const OFFERED_MS = 120_000
export const AT_ONCE = 100

/** @param queue the name of the queue, whose hash slot and key prefix the offers share */
export function createWorkByKey(
  redis: RedisConnection,
  ring: KeyRing,
  queue: 'retry' | 'webhooks',
): WorkByKey {
  const keyOf = (keyId: string) => `{ea:mail}:${queue}:by-key:${keyId}`
  const own = ring.keys.map(({ id }) => keyOf(id.toString('hex')))
  return {
    async offer(keyId, work) {
      const key = keyOf(keyId)
      // One write to Redis takes both.
      await Promise.all([redis.sadd(key, work), redis.pexpire(key, OFFERED_MS)])
    },
    async take() {
      return (await Promise.all(own.map((key) => redis.spop(key, AT_ONCE)))).flat()
    },
  }
}

/** While work is offered. At rest it looks every 4 s. */
const LOOK_EVERY_MS = 1000

/** Does the work that mailers without the key have offered. */
export function takeWorkByKey(
  name: 'retries-by-key' | 'webhooks-by-key',
  offered: Pick<WorkByKey, 'take'>,
  work: (what: string, signal: AbortSignal) => Promise<void>,
): ScheduledTask {
  return {
    name,
    everyMs: LOOK_EVERY_MS,
    logLines: {
      trouble:
        'work for which other mailers lack a key cannot be looked for, and waits: look at the Redis of the mailer',
      over: 'work for which other mailers lack a key is looked for again',
    },
    async run({ rest, signal }) {
      const found = await offered.take()
      if (found.length === 0) return rest()
      await Promise.all(found.map((what) => work(what, signal)))
      return found.length >= AT_ONCE
    },
  }
}
