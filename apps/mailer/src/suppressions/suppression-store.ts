import { createGatherBy } from '@emailauth/gather/gather-by'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal } from '@emailauth/secrets/seal'
import { inSlices } from '@emailauth/service/in-slices'
import suppressLua from './lua/suppress.lua'
import {
  entriesOf,
  fieldOf,
  orderOf,
  placeOf,
  readSuppressed,
  type SuppressedAddress,
} from './suppressed-address.ts'

/** Addresses that a tenant's mails are not sent to. Every method fails when Redis does not answer. */
export interface Suppressions {
  /** Why nothing is sent to an address; undefined when it may be written to. */
  reason(tenantId: string, email: string): Promise<string | undefined>
  add(tenantId: string, email: string, reason: string): Promise<void>
  /** False when it was not on the list. */
  remove(tenantId: string, email: string): Promise<boolean>
  /** Newest first; `next` is where the page after it begins, null on the last. */
  page(
    tenantId: string,
    first: number,
    after: string | undefined,
  ): Promise<{ readonly addresses: readonly SuppressedAddress[]; readonly next: string | null }>
}

/** An address that has been silent for so long is tried again; mailboxes come back. */
const KEPT_MS = 400 * 24 * 3_600_000
/** Of a longer list the oldest entries go. */
const LISTED = 50_000
const ASKED_AT_ONCE = 256
/** Entries of a page that are opened without a turn for other calls in between. */
const OPENED_AT_ONCE = 25

const suppressScript = defineScript<number>(suppressLua)

/** For each tenant one hash from the address's digest to the sealed entry, and one sorted set of the digests by time. */
export function createSuppressions(redis: RedisConnection, ring: KeyRing, now: () => number): Suppressions {
  /** Older keys wrote entries that still count. */
  const fieldsOf = (tenantId: string, email: string) => ring.keys.map((key) => fieldOf(key, tenantId, email))

  const read = (tenantId: string, sealed: Buffer) => readSuppressed(ring, tenantId, sealed)

  // Asked for every mail. Hardly a tenant has such addresses, so that is asked first, once for the mails of one moment.
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

    async add(tenantId, email, reason) {
      const entry: SuppressedAddress = { email, reason, suppressedAtMs: now() }
      const sealed = seal(ring, placeOf(tenantId), JSON.stringify(entry))
      const field = fieldOf(ring.keys[0], tenantId, email)
      await suppressScript(
        redis,
        [entriesOf(tenantId), orderOf(tenantId)],
        [field, sealed, now(), KEPT_MS, LISTED],
      )
    },

    async remove(tenantId, email) {
      const fields = fieldsOf(tenantId, email)
      const [removed] = await Promise.all([
        redis.hdel(entriesOf(tenantId), ...fields),
        redis.zrem(orderOf(tenantId), ...fields),
      ])
      return removed > 0
    },

    async page(tenantId, first, after) {
      const begin = after === undefined ? 0 : Number.parseInt(after, 36)
      const fields =
        Number.isSafeInteger(begin) && begin >= 0
          ? await redis.zrevrange(orderOf(tenantId), begin, begin + first)
          : []
      const shown = fields.slice(0, first)
      const sealed = shown.length === 0 ? [] : await redis.hmgetBuffer(entriesOf(tenantId), ...shown)
      const addresses = await inSlices(sealed, OPENED_AT_ONCE, (entry) =>
        entry === null ? undefined : read(tenantId, entry),
      )
      return {
        addresses: addresses.filter((entry) => entry !== undefined),
        next: fields.length > first ? (begin + first).toString(36) : null,
      }
    },
  }
}
