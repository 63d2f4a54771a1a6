import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'

/** Which tenants have webhook endpoints; the cost of the outbox grows with these alone. */
export interface WebhookTenants {
  /** As of the last {@link list}. The streams of these tenants keep more events until the mailer has them. */
  readonly known: ReadonlySet<string>
  add(tenantId: string, atMs: number): Promise<void>
  list(): Promise<string[]>
  /** Forgets a tenant without endpoints, unless one may be in the making. */
  forget(tenantId: string): Promise<void>
  remove(tenantId: string): Promise<void>
}

/** Longer than the making of an endpoint takes. */
const BEING_MADE_MS = 60_000

export function createWebhookTenants(redis: RedisConnection, now: () => number): WebhookTenants {
  const known = new Set<string>()
  return {
    known,
    async add(tenantId, atMs) {
      await redis.zadd(keys.webhookTenants, atMs, tenantId)
      known.add(tenantId)
    },
    async list() {
      const ids = await redis.zrange(keys.webhookTenants, '0', '-1')
      for (const id of known) if (!ids.includes(id)) known.delete(id)
      for (const id of ids) known.add(id)
      return ids
    },
    async forget(tenantId) {
      const score = await redis.zscore(keys.webhookTenants, tenantId)
      if (score === null || Number(score) > now() - BEING_MADE_MS) return
      await scripts.forgetWebhooks(redis, [keys.webhookTenants], { tenant: tenantId, score })
    },
    async remove(tenantId) {
      await redis.zrem(keys.webhookTenants, tenantId)
    },
  }
}
