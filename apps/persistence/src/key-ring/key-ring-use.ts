import { TTL_MAX_SECONDS } from '@emailauth/contracts/common'
import type { RingKey } from '@emailauth/contracts/key-ring'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'

/** A key that has left the ring although live data may need it. */
export interface MissingKey {
  readonly id: string
  readonly neededUntil: string
}

/** Keeps track of the keys that are still needed. */
export interface KeyRingUse {
  /** Records that the newest key is in use now. Older keys without a record get one too, to be safe. */
  note(): Promise<void>
  /** The keys of the ring, newest first. */
  list(): Promise<RingKey[]>
  /** Keys that should still be in the ring. */
  missing(): Promise<MissingKey[]>
}

/** Data that a key sealed lives for a day. The extra hour covers late records and clocks that differ. */
const NEEDED_MS = (TTL_MAX_SECONDS + 3600) * 1000
const FIELD = 'newest:'

/**
 * A service seals only with the newest key of its ring, and what it seals lives for a day at most. So the
 * last time at which a key was the newest anywhere says how long it is needed. Metadata, SMTP URLs, passkeys
 * and suppressions live longer. They are sealed again with the newest key at every start, all but the
 * metadata every hour too.
 */
export function createKeyRingUse(redis: RedisConnection, ring: KeyRing, now: () => number): KeyRingUse {
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
      return ring.keys.map(({ cipherName: cipher }, at) => {
        const id = ids[at] as string
        const until = neededUntil.get(id) ?? now() + NEEDED_MS
        return { id, cipher, newest: at === 0, neededUntil: at === 0 ? null : new Date(until).toISOString() }
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
