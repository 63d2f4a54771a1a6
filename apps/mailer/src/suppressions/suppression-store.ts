import { createGatherBy } from '@emailauth/gather/gather-by'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { defineRule } from '@emailauth/redis/rules/rule'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal } from '@emailauth/secrets/seal'
import { inSlices } from '@emailauth/service/timing/in-slices'
import addLua from './lua/add.lua'
import suppressLua from './lua/suppress.lua'
import { cursorOf, pageStart, withTimes } from './page-start.ts'
import {
  entriesOf,
  fieldOf,
  goneOf,
  orderOf,
  readSuppressed,
  type SuppressedAddress,
  sealContextOf,
} from './suppressed-address.ts'

/** What became of one address. `known`: it was on the list already. */
export type AddOutcome = 'added' | 'known' | 'full'

/** Addresses that get no mail from a tenant. Every method fails when Redis does not answer. */
export interface Suppressions {
  /** Why an address gets no mail. Undefined when it may be mailed. */
  reason(tenantId: string, email: string): Promise<string | undefined>
  /**
   * After a bounce: it goes to the head of the list, with the newest reason. Nothing is added for a tenant
   * that was deleted within the last {@link GONE_MS}: its mails come back for days, and nobody would forget
   * the addresses. A tenant made again under its id gets those of mails that it sent itself, as far as
   * `sentAtMs` is known; {@link addNew} adds at once.
   */
  add(tenantId: string, email: string, reason: string, sentAtMs?: number): Promise<void>
  /**
   * Adds addresses unless they are on the list. `full`: nothing was added, because the list has its most
   * entries.
   */
  addNew(tenantId: string, addresses: readonly SuppressedAddress[]): Promise<readonly AddOutcome[]>
  /** False when it was not on the list. */
  remove(tenantId: string, email: string): Promise<boolean>
  /** Forgets all addresses of a tenant that is gone, and adds none after later bounces. */
  removeAll(tenantId: string): Promise<void>
  /**
   * Newest first; `next` is where the page after it begins, null on the last. Through all pages, an address
   * that is on the list all the time is met at least once, whatever is added or removed meanwhile.
   */
  page(
    tenantId: string,
    first: number,
    after: string | undefined,
  ): Promise<{
    readonly addresses: readonly SuppressedAddress[]
    /** The position of each address; it begins a page that goes on behind it. */
    readonly cursors: readonly string[]
    readonly next: string | null
  }>
}

/** After this long an address is tried again, because mailboxes come back. */
const KEPT_MS = 400 * 24 * 3_600_000
/** Mail servers give up after five days, and report it then. */
const GONE_MS = 7 * 24 * 3_600_000
/** An attempt that runs when its tenant is deleted ends within this time (RFC 5321, the final dot). */
const LATE_MS = 10 * 60_000
/** A longer list loses its oldest entries. */
const LISTED = 50_000
const ASKED_AT_ONCE = 256
/** Entries of a page that are opened before other calls get a turn. */
const OPENED_AT_ONCE = 25

/** Of addresses that are added together, so many are sealed without a turn for other calls in between. */
const SEALED_AT_ONCE = 50

const addScript = defineRule(addLua, {
  args: ['keptMs', 'most', 'keys'],
  each: ['value'],
  // The Lua rule replies one of these for each value.
  decode: (outcomes: readonly Buffer[]) => outcomes.map((outcome) => outcome.toString() as AddOutcome),
})
const suppressScript = defineRule(suppressLua, {
  args: ['field', 'entry', 'now', 'keptMs', 'most', 'sentAt'],
  decode: (removed: number) => removed,
})

/**
 * Each tenant has a hash from the address's digest to the sealed entry, and a sorted set of the digests by
 * time.
 */
export function createSuppressions(redis: RedisConnection, ring: KeyRing, now: () => number): Suppressions {
  /** Entries of older keys still count. */
  const fieldsOf = (tenantId: string, email: string) => ring.keys.map((key) => fieldOf(key, tenantId, email))

  const read = (tenantId: string, sealed: Buffer) => readSuppressed(ring, tenantId, sealed)

  // Checked for every mail. Few tenants have such addresses, so one query for all mails of a turn checks that
  // first.
  const reasons = createGatherBy<string, string | undefined>({
    until: 'tick',
    max: ASKED_AT_ONCE,
    async run(tenantId, emails) {
      const hasSome = (await redis.hlen(entriesOf(tenantId))) > 0
      return Promise.all(emails.map((email) => (hasSome ? find(tenantId, email) : undefined)))
    },
  })

  async function find(tenantId: string, email: string): Promise<string | undefined> {
    const found = await redis.hmgetBuffer(entriesOf(tenantId), ...fieldsOf(tenantId, email))
    const entry = found.find((sealed) => sealed !== null)
    return entry === undefined || entry === null ? undefined : (read(tenantId, entry)?.reason ?? 'it bounced')
  }

  return {
    reason: reasons,

    async add(tenantId, email, reason, sentAtMs = 0) {
      const entry: SuppressedAddress = { email, reason, suppressedAtMs: now() }
      const sealed = seal(ring, sealContextOf(tenantId), JSON.stringify(entry))
      const field = fieldOf(ring.keys[0], tenantId, email)
      await suppressScript(redis, [entriesOf(tenantId), orderOf(tenantId), goneOf(tenantId)], {
        field,
        entry: sealed,
        now: now(),
        keptMs: KEPT_MS,
        most: LISTED,
        sentAt: sentAtMs,
      })
    },

    async addNew(tenantId, addresses) {
      const entries = await inSlices(addresses, SEALED_AT_ONCE, (entry) => [
        ...fieldsOf(tenantId, entry.email),
        seal(ring, sealContextOf(tenantId), JSON.stringify(entry)),
        entry.suppressedAtMs,
      ])
      return addScript(redis, [entriesOf(tenantId), orderOf(tenantId)], {
        keptMs: KEPT_MS,
        most: LISTED,
        keys: ring.keys.length,
        each: entries.flat().map((value) => ({ value })),
      })
    },

    async remove(tenantId, email) {
      const fields = fieldsOf(tenantId, email)
      const [removed] = await Promise.all([
        redis.hdel(entriesOf(tenantId), ...fields),
        redis.zrem(orderOf(tenantId), ...fields),
      ])
      return removed > 0
    },

    async removeAll(tenantId) {
      // First, so that a bounce comes before the list goes, or is not added.
      await redis.set(goneOf(tenantId), now() + LATE_MS, 'PX', GONE_MS)
      await redis.unlink(entriesOf(tenantId), orderOf(tenantId))
    },

    async page(tenantId, first, after) {
      const begin = await pageStart(redis, orderOf(tenantId), after)
      const listed =
        begin === undefined
          ? []
          : withTimes(await redis.zrevrange(orderOf(tenantId), begin, begin + first, 'WITHSCORES'))
      const shown = listed.slice(0, first)
      const fields = shown.map(({ field }) => field)
      const sealed = fields.length === 0 ? [] : await redis.hmgetBuffer(entriesOf(tenantId), ...fields)
      const opened = await inSlices(sealed, OPENED_AT_ONCE, (entry) =>
        entry === null ? undefined : read(tenantId, entry),
      )
      const found = opened.flatMap((entry, index) => {
        const at = shown[index]
        return entry === undefined || at === undefined ? [] : [{ entry, cursor: cursorOf(at) }]
      })
      const last = shown.at(-1)
      return {
        addresses: found.map(({ entry }) => entry),
        cursors: found.map(({ cursor }) => cursor),
        next: listed.length > first && last !== undefined ? cursorOf(last) : null,
      }
    },
  }
}
