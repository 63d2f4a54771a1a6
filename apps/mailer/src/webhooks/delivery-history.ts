import type { AttemptPage, WebhookState } from '@emailauth/contracts/webhook-deliveries'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { endpointKeys } from './endpoint-keys.ts'

/** What became of an endpoint's events. Both methods fail when Redis does not answer. */
export interface DeliveryHistory {
  /**
   * The newest attempts, newest first.
   * @param after cursor of the last attempt of the page before
   */
  attempts(id: string, first: number, after: string | undefined): Promise<AttemptPage>
  state(id: string): Promise<WebhookState>
}

export function createDeliveryHistory(redis: RedisConnection): DeliveryHistory {
  return {
    async attempts(id, first, after) {
      const end = after === undefined ? '+' : `(${after}`
      const found = await redis.xrevrange(`${endpointKeys(id)}attempts`, end, '-', 'COUNT', first + 1)
      const attempts = found
        .slice(0, first)
        .map(([cursor, [, json = '']]) => ({ ...JSON.parse(json), cursor }))
      return { attempts, nextAfter: found.length > first ? (attempts.at(-1)?.cursor ?? null) : null }
    },

    async state(id) {
      const key = endpointKeys(id)
      const [waiting, failed, { failing, success }] = await Promise.all([
        redis.hlen(`${key}events`),
        redis.zcard(`${key}failed`),
        redis.hgetall(`${key}health`),
      ])
      return { id, waiting, failed, failingSince: momentOf(failing), lastSuccessAt: momentOf(success) }
    },
  }
}

function momentOf(ms: string | undefined): string | null {
  return ms === undefined ? null : new Date(Number(ms)).toISOString()
}
