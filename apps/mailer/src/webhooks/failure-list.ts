import {
  WEBHOOK_FAILURES_MAX,
  type WebhookFailure,
  webhookFailures,
} from '@emailauth/contracts/webhook-deliveries'
import type { RedisConnection } from '@emailauth/redis/connect'

/** Endpoints that are to be disabled, until somebody has done it. */
export interface FailureList {
  add(id: string, reason: WebhookFailure['reason']): Promise<void>
  /** Some of them; the others once these are acknowledged. */
  list(): Promise<WebhookFailure[]>
  acknowledge(ids: readonly string[]): Promise<void>
}

const FAILURES = 'ea:mail:{webhook-failures}'
const KEPT_MS = 7 * 86_400_000

export function createFailureList(redis: RedisConnection): FailureList {
  return {
    async add(id, reason) {
      await redis.hset(FAILURES, id, reason)
      await redis.pexpire(FAILURES, KEPT_MS)
    },
    async list() {
      const found = Object.entries(await redis.hgetall(FAILURES)).slice(0, WEBHOOK_FAILURES_MAX)
      return webhookFailures.parse({ failures: found.map(([id, reason]) => ({ id, reason })) }).failures
    },
    async acknowledge(ids) {
      await redis.hdel(FAILURES, ...ids)
    },
  }
}
