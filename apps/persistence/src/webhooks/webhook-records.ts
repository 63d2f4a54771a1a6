import { tenantOfWebhook, WEBHOOKS_PER_TENANT, type WebhookTarget } from '@emailauth/contracts/webhooks'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import type { Notifications } from '../store/notifications.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'
import { openTarget, readWebhook, sealTarget, type WebhookRecord, writeWebhook } from './webhook-record.ts'

/** The mailer forgets an endpoint by itself after this time without news of it. */
export const DELETED_KEPT_MS = 7 * 86_400_000

export interface WebhookRecordsOptions {
  readonly redis: RedisConnection
  /** The mailer's. */
  readonly ring: KeyRing
  readonly replicas: ReplicaPolicy
  readonly notifications: Pick<Notifications, 'notify'>
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

export type WebhookRecords = ReturnType<typeof createWebhookRecords>

/** The records of endpoints in Redis. A change reads, changes and writes as one step. */
export function createWebhookRecords({ redis, ring, replicas, notifications, now }: WebhookRecordsOptions) {
  const atomically = createAtomically()

  const read = async (id: string) => {
    const stored = await redis.hget(keys.webhooks(tenantOfWebhook(id)), id)
    return stored === null ? undefined : { stored, record: readWebhook(stored) }
  }

  const all = async (tenantId: string) => {
    const stored = Object.values(await redis.hgetall(keys.webhooks(tenantId)))
    const found = stored.map((text) => ({ stored: text, record: readWebhook(text) }))
    return found.sort(({ record: { shown: a } }, { record: { shown: b } }) =>
      a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1,
    )
  }

  /** @param before what was read; '' for a new one */
  const write = async (id: string, before: string, after: WebhookRecord | undefined) => {
    const tenantId = tenantOfWebhook(id)
    const [endpoints, changes, outbox] = keys.webhookKeys(tenantId)
    const args = {
      id,
      before,
      after: after === undefined ? '' : writeWebhook(after),
      most: WEBHOOKS_PER_TENANT,
      version: after?.version ?? 0,
      cursor: after?.since ?? '0',
    }
    const written = await withReplicas(redis, endpoints, replicas, () =>
      scripts.webhookWrite(redis, [endpoints, changes, outbox], args),
    )
    notifications.notify(tenantId)
    return written
  }

  /** Reads, changes and writes atomically. If `to` returns a refusal, nothing is written. */
  const change = async <Refusal extends string>(
    id: string,
    to: (before: WebhookRecord) => Promise<Omit<WebhookRecord, 'version'> | Refusal>,
  ): Promise<WebhookRecord | Refusal | undefined> => {
    return atomically(id, async () => {
      const found = await read(id)
      if (found === undefined) return undefined
      const outcome = await to(found.record)
      if (typeof outcome === 'string') return outcome
      const shown = { ...outcome.shown, updatedAt: new Date(now()).toISOString() }
      const after = { ...outcome, shown, version: found.record.version + 1 }
      if ((await write(id, found.stored, after)) === 'written') return after
      return OVERTAKEN
    })
  }

  /** The same with URL and secrets opened. `sealed`: they cannot be. */
  const changeTarget = <Refusal extends string = never>(
    id: string,
    to: (target: WebhookTarget) => WebhookTarget,
    rest: (before: WebhookRecord) => Promise<WebhookRecord | Refusal> = async (before) => before,
  ) =>
    change<'sealed' | Refusal>(id, async (before) => {
      const target = openTarget(ring, before)
      if (target === undefined) return 'sealed'
      const after = await rest(before)
      return typeof after === 'string' ? after : { ...after, sealed: sealTarget(ring, id, to(target)) }
    })

  const remove = async (id: string) => {
    return atomically(id, async () => {
      const found = await read(id)
      if (found === undefined) return false
      // First, so that the mailer certainly learns of it.
      await redis.hset(keys.webhooksDeleted, id, now())
      await redis.pexpire(keys.webhooksDeleted, DELETED_KEPT_MS)
      if ((await write(id, found.stored, undefined)) === 'written') return true
      return OVERTAKEN
    })
  }

  return { read, all, write, change, changeTarget, remove }
}
