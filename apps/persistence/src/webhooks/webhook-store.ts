import { randomBytes } from 'node:crypto'
import {
  type WebhookCreateRequest,
  type WebhookDisabledReason,
  type WebhookEndpoint,
  type WebhookPage,
  type WebhookPageQuery,
  type WebhookUpdateRequest,
  type WebhookWithSecret,
  webhookPosition,
} from '@emailauth/contracts/webhooks'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { randomId } from '@emailauth/secrets/random'
import { keys } from '../store/keys.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { type StaleVersion, staleAgainst } from '../store/stale-version.ts'
import { described, disabled, withNewSecret } from './webhook-changes.ts'
import { sealTarget, toEndpoint, type WebhookRecord } from './webhook-record.ts'
import type { WebhookRecords } from './webhook-records.ts'
import type { WebhookTenants } from './webhook-tenants.ts'

/** Webhook endpoints of tenants. URL and secrets are sealed for the mailer. */
export interface WebhookStore {
  /** `full`: the tenant has as many as one may have. */
  create(id: string, request: WebhookCreateRequest): Promise<WebhookWithSecret | 'full'>
  get(id: string): Promise<WebhookEndpoint | undefined>
  /** Those of a tenant, oldest first; they are few. */
  list(tenantId: string): Promise<WebhookEndpoint[]>
  /**
   * Those of all tenants, or of one, by tenant and oldest first. Reads only the tenants whose endpoints are
   * on the page.
   */
  page(query: WebhookPageQuery): Promise<WebhookPage>
  /**
   * undefined: there is none. `sealed`: its URL and secrets cannot be opened any more, so it can only be
   * deleted. `stale`: another change has replaced the version that this one names.
   */
  update(
    id: string,
    request: WebhookUpdateRequest,
  ): Promise<WebhookEndpoint | 'sealed' | StaleVersion | undefined>
  /** Makes a new secret. The one before stays valid beside it for this time. */
  rotate(id: string, overlapSeconds: number): Promise<WebhookWithSecret | 'sealed' | undefined>
  /** Disables this version of the endpoint. true only if it was enabled until now. */
  disable(id: string, reason: WebhookDisabledReason, version: number): Promise<boolean>
  remove(id: string): Promise<boolean>
  /** Removes all endpoints of a tenant that is being deleted. */
  removeAll(tenantId: string): Promise<void>
  /** The record, with what only the mailer opens. */
  record(id: string): Promise<WebhookRecord | undefined>
}

export interface WebhookStoreOptions {
  readonly redis: RedisConnection
  /** The mailer's. */
  readonly ring: KeyRing
  readonly replicas: ReplicaPolicy
  readonly records: WebhookRecords
  readonly tenants: WebhookTenants
  /** The cursor that sorts after everything that has happened. */
  readonly newestCursor: () => Promise<string>
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

/** A new endpoint's id; 82 random bits. */
export function generateWebhookId(tenantId: string): string {
  return `${tenantId}.wh_${randomId(16)}`
}

const generateSecret = () => `whsec_${randomBytes(32).toString('base64')}`

export function createWebhookStore(options: WebhookStoreOptions): WebhookStore {
  const { redis, ring, replicas, tenants, newestCursor, now } = options
  const { read, all, write, change, changeTarget, remove } = options.records
  const iso = (ms = now()) => new Date(ms).toISOString()

  const list = async (tenantId: string) =>
    (await all(tenantId)).map(({ record }) => toEndpoint(ring, record, now()))

  return {
    async create(id, { tenantId, url, description = null, eventTypes = null }) {
      const secret = generateSecret()
      const at = iso()
      const record: WebhookRecord = {
        shown: {
          id,
          tenantId,
          description,
          eventTypes,
          createdAt: at,
          updatedAt: at,
          disabledAt: null,
          disabledReason: null,
        },
        version: 1,
        since: await newestCursor(),
        sealed: sealTarget(ring, id, { url, secrets: [{ secret, until: null }] }),
      }
      // Write the list first. An endpoint of a tenant that no list names would get nothing.
      await withReplicas(redis, keys.webhookTenants, replicas, () => tenants.add(tenantId, now()))
      if ((await write(id, '', record)) !== 'written') return 'full'
      return { endpoint: toEndpoint(ring, record, now()), secret }
    },

    async get(id) {
      const found = await read(id)
      return found === undefined ? undefined : toEndpoint(ring, found.record, now())
    },

    list,

    async page({ tenantId, first, after = '' }) {
      const [from = ''] = after.split(' ')
      const of = tenantId === undefined ? (await tenants.list()).sort() : [tenantId]
      const found: WebhookEndpoint[] = []
      for (const id of of.filter((one) => one >= from)) {
        found.push(...(await list(id)).filter((endpoint) => webhookPosition(endpoint) > after))
        if (found.length > first) break
      }
      return { webhooks: found.slice(0, first), hasMore: found.length > first }
    },

    async update(id, { url, enabled, ifVersion, ...description }) {
      const rest = async (before: WebhookRecord): Promise<WebhookRecord | 'stale'> => {
        if (staleAgainst(before.version, ifVersion) !== undefined) return 'stale'
        const wasEnabled = before.shown.disabledAt === null
        const shown = described(before.shown, description)
        if (enabled === undefined || enabled === wasEnabled) return { ...before, shown }
        if (!enabled) return { ...before, shown: disabled(shown, 'manual', iso()) }
        // What happened in the meantime is not for it.
        const since = await newestCursor()
        return { ...before, since, shown: { ...shown, disabledAt: null, disabledReason: null } }
      }
      const changed = await changeTarget(id, (target) => ({ ...target, url: url ?? target.url }), rest)
      if (changed === 'stale') return staleAgainst((await read(id))?.record.version, ifVersion)
      return typeof changed === 'object' ? toEndpoint(ring, changed, now()) : changed
    },

    async rotate(id, overlapSeconds) {
      const secret = generateSecret()
      const until = iso(now() + overlapSeconds * 1000)
      const changed = await changeTarget(id, (target) => withNewSecret(target, secret, until, now()))
      return typeof changed === 'object' ? { endpoint: toEndpoint(ring, changed, now()), secret } : changed
    },

    async disable(id, reason, version) {
      const changed = await change<'disabled'>(id, async (before) =>
        before.version === version && before.shown.disabledAt === null
          ? { ...before, shown: disabled(before.shown, reason, iso()) }
          : 'disabled',
      )
      return typeof changed === 'object'
    },

    remove,

    async removeAll(tenantId) {
      for (const id of await redis.hkeys(keys.webhooks(tenantId))) await remove(id)
      await tenants.remove(tenantId)
    },

    record: async (id) => (await read(id))?.record,
  }
}
