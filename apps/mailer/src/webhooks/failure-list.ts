import {
  WEBHOOK_FAILURES_MAX,
  type WebhookFailure,
  webhookFailures,
} from '@emailauth/contracts/webhook-deliveries'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { type Changes, createChanges } from '@emailauth/service/timing/changes'

/**
 * Endpoints that are to be disabled, until somebody has done it, each with the version that failed: one that
 * was changed or enabled since must not be disabled for what came before.
 */
export interface FailureList {
  add(failure: WebhookFailure): Promise<void>
  /** Some of them; the others once these are acknowledged. */
  list(): Promise<WebhookFailure[]>
  acknowledge(failures: readonly Pick<WebhookFailure, 'id' | 'version'>[]): Promise<void>
  /** Of those that this mailer adds. */
  readonly changes: Pick<Changes, 'subscribe'>
}

const FAILURES = 'ea:mail:{webhook-failures}'
const KEPT_MS = 7 * 86_400_000

const fieldOf = ({ id, version }: Pick<WebhookFailure, 'id' | 'version'>) => `${id}:${version}`

export function createFailureList(redis: RedisConnection): FailureList {
  const changes = createChanges()
  return {
    changes,
    async add(failure) {
      await redis.hset(FAILURES, fieldOf(failure), failure.reason)
      await redis.pexpire(FAILURES, KEPT_MS)
      changes.happened()
    },
    async list() {
      const found = Object.entries(await redis.hgetall(FAILURES)).slice(0, WEBHOOK_FAILURES_MAX)
      const failures = found.map(([field, reason]) => {
        const [id, version] = field.split(':')
        return { id, version: Number(version), reason }
      })
      return webhookFailures.parse({ failures }).failures
    },
    async acknowledge(failures) {
      await redis.hdel(FAILURES, ...failures.map(fieldOf))
    },
  }
}
