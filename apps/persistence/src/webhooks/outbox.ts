import { randomBytes } from 'node:crypto'
import type { Event, EventPage } from '@emailauth/contracts/events'
import {
  OUTBOX_EVENTS_MAX,
  OUTBOX_LEASE_SECONDS,
  type Outbox,
  type OutboxAcknowledgement,
  type OutboxEvent,
  webhookEventType,
} from '@emailauth/contracts/webhooks'
import { keys } from '../store/keys.ts'
import type { Notifications } from '../store/notifications.ts'
import type { StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { changedTenants } from './changed-tenants.ts'
import { trimEvents, undeliveredSince } from './trim-events.ts'
import { readWebhook, toSealedWebhook, type WebhookRecord } from './webhook-record.ts'
import type { WebhookTenants } from './webhook-tenants.ts'

/**
 * What tenants with webhooks have for the mailer: the events after each tenant's cursor, and endpoints that
 * have changed. The streams themselves are the queue. The cursor moves only when the mailer has acknowledged.
 */
export interface WebhookOutbox {
  /** Leases events for {@link OUTBOX_LEASE_SECONDS}. After that they are handed out again. */
  lease(): Promise<Outbox>
  acknowledge(done: OutboxAcknowledgement): Promise<void>
  /** Whether the last lease left something behind of which no notification will come. */
  isRestless(): boolean
  /** Calls the listener when there may be something to lease. */
  subscribe(listener: () => void): () => void
}

/** Reads the events of a tenant after a cursor, oldest first. */
interface EventPages {
  page(options: { tenantId: string; audit: false; after: string; first: number }): Promise<EventPage>
}

type OutboxEntry = Outbox['entries'][number]

/** Tenants in one lease. */
const TENANTS_MAX = 50
/**
 * Bound of endpoints in one lease. Each takes up to 3 KB and the mailer accepts bodies of 4 MiB. Without a
 * bound some tenants could hold up the events of all.
 */
const ENDPOINTS_MAX = 200
/** Of one tenant. */
const PAGE = 200
const DELETED_MAX = 200

export function createWebhookOutbox(
  context: StoreContext,
  tenants: WebhookTenants,
  events: EventPages,
  notifications: Pick<Notifications, 'subscribe' | 'isLive'>,
): WebhookOutbox {
  const { redis } = context
  const changed = changedTenants(notifications)
  /** Where the next lease begins, so that the first tenants do not always come first. */
  let turn = 0
  let isRestless = true

  /** `later`: something is left, but another gateway has the lease, or it needs a further read. */
  const leaseOf = async (tenantId: string, most: number): Promise<OutboxEntry | 'nothing' | 'later'> => {
    const [endpoints, changesKey, outbox] = keys.webhookKeys(tenantId)
    const [stored, changes, { cursor }] = await Promise.all([
      redis.hgetall(endpoints),
      redis.hkeys(changesKey),
      redis.hgetall(outbox),
    ])
    const records = Object.values(stored).map(readWebhook)
    if (records.length === 0 || cursor === undefined) {
      await tenants.forget(tenantId)
      return 'later'
    }
    const undelivered = await undeliveredSince(context, tenantId)
    const page = await events.page({ tenantId, audit: false, after: cursor, first: Math.min(PAGE, most) })
    if (!page.hasMore) await trimEvents(context, undelivered, page.events.length)
    const found = page.events.flatMap((event) => addressed(event, records))
    const wanted = new Set([...changes, ...found.flatMap(({ to }) => to)])
    const next = page.endCursor ?? cursor
    if (wanted.size === 0) {
      if (next !== cursor)
        await scripts.outboxLease(redis, [outbox], { cursor, lease: '', leaseMs: '', next })
      return page.hasMore ? 'later' : 'nothing'
    }
    const lease = randomBytes(12).toString('base64url')
    const leaseMs = OUTBOX_LEASE_SECONDS * 1000
    const taken = await scripts.outboxLease(redis, [outbox], { cursor, lease, leaseMs, next: '' })
    if (!taken) return 'later'
    const webhooks = records.filter(({ shown }) => wanted.has(shown.id)).map(toSealedWebhook)
    return { tenantId, lease, cursor: next, webhooks, events: found }
  }

  /** Read in steps: a tenant can make and delete endpoints without number while the mailer is away. */
  const someDeleted = async (): Promise<string[]> => {
    let cursor = '0'
    do {
      const [next, found] = await redis.hscan(keys.webhooksDeleted, cursor, 'COUNT', DELETED_MAX)
      if (found.length > 0) return found.filter((_, at) => at % 2 === 0).slice(0, DELETED_MAX)
      cursor = next
    } while (cursor !== '0')
    return []
  }

  return {
    async lease() {
      const [ids, deleted] = await Promise.all([tenants.list(), someDeleted()])
      const entries: OutboxEntry[] = []
      let room = OUTBOX_EVENTS_MAX
      let endpoints = 0
      const anyway = changed.anyway(ids.length)
      turn = ids.length === 0 ? 0 : (turn + anyway) % ids.length
      for (const id of changed.among([...ids.slice(turn), ...ids.slice(0, turn)], anyway)) {
        if (room <= 0 || endpoints >= ENDPOINTS_MAX || entries.length >= TENANTS_MAX) break
        const beganAt = performance.now()
        const entry = await leaseOf(id, room)
        if (entry === 'nothing') changed.foundNothing(id, beganAt)
        if (typeof entry === 'string') continue
        entries.push(entry)
        room -= entry.events.length
        endpoints += entry.webhooks.length
      }
      isRestless = !changed.areQuiet(ids)
      return { entries, deleted }
    },

    isRestless: () => isRestless,
    subscribe: (listener) => notifications.subscribe(() => listener()),

    async acknowledge({ entries, deleted }) {
      await Promise.all(
        entries.map(async ({ tenantId, lease, cursor, versions }) => {
          const [, changes, outbox] = keys.webhookKeys(tenantId)
          await scripts.outboxAcknowledge(redis, [outbox, changes], { lease, cursor, each: versions })
        }),
      )
      if (deleted.length > 0) await redis.hdel(keys.webhooksDeleted, ...deleted)
    },
  }
}

/** The endpoints that an event is for, if any. */
function addressed(event: Event, records: readonly WebhookRecord[]): OutboxEvent[] {
  const type = webhookEventType.safeParse(event.type).data
  if (type === undefined) return []
  const to = records
    .filter(({ shown: { disabledAt, eventTypes }, since }) => {
      const isWanted = eventTypes === null || eventTypes.includes(type)
      return disabledAt === null && isWanted && event.cursor > since
    })
    .map(({ shown }) => shown.id)
  return to.length === 0 ? [] : [{ event, to }]
}
