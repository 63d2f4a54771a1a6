import { TTL_MAX_SECONDS } from '@emailauth/contracts/common'
import type { RingKey } from '@emailauth/contracts/key-ring'
import type { RedisConnection } from '@emailauth/redis/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'

/** A key that has left the ring although data of it may still be live. */
export interface MissingKey {
  readonly id: string
  readonly neededUntil: string
}

/** Which keys of the ring are still needed. */
export interface KeyRingUse {
  /** Records that the newest key is in use now. Older keys without a record get one too, to be safe. */
  note(): Promise<void>
  /** The keys of the ring, newest first. */
  list(): Promise<RingKey[]>
  /** Keys that should still be in the ring. */
  missing(): Promise<MissingKey[]>
}

/** Data of a key lives for a day. The extra hour covers late records and clocks that differ. */
const NEEDED_MS = (TTL_MAX_SECONDS + 3600) * 1000
const FIELD = 'newest:'

/**
 * A key writes only while it is the newest of some service, and nothing that is written under it stays so for longer than a day. So the last moment
 * at which it was the newest anywhere tells how long it is needed. What lives longer, the store's metadata, the SMTP URLs of
 * tenants and the mailer's suppressions, is moved on to the newest key at every start, URLs and suppressions every hour too.
 */
export function createKeyRingUse(
  redis: RedisConnection,
  ring: KeyRing,
  now: () => number = Date.now,
): KeyRingUse {
  const ids = ring.keys.map(({ id }) => id.toString('hex'))

  const readNeededUntil = async (): Promise<Map<string, number>> => {
    const stored = Object.entries(await redis.hgetall(keys.meta))
    return new Map(
      stored
        .filter(([field]) => field.startsWith(FIELD))
        .map(([field, noted]) => [field.slice(FIELD.length), Number(noted) + NEEDED_MS]),
    )
  }

  return {
    async note() {
      const [newest, ...older] = ids
      await Promise.all([
        redis.hset(keys.meta, `${FIELD}${newest}`, now()),
        ...older.map((id) => redis.hsetnx(keys.meta, `${FIELD}${id}`, now())),
      ])
    },

    async list() {
      const neededUntil = await readNeededUntil()
      return ids.map((id, at) => {
        const until = neededUntil.get(id) ?? now() + NEEDED_MS
        return { id, newest: at === 0, neededUntil: at === 0 ? null : new Date(until).toISOString() }
      })
    },

    async missing() {
      const neededUntil = await readNeededUntil()
      return [...neededUntil]
        .filter(([id, until]) => !ids.includes(id) && until > now())
        .map(([id, until]) => ({ id, neededUntil: new Date(until).toISOString() }))
    },
  }
}
