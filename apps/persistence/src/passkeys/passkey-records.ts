import { type KnownPasskey, knownPasskey, type Passkey } from '@emailauth/contracts/passkeys'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/rules/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import { isBehind, type ListPosition } from '../store/newest-page.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'

const FORMAT = 1
/** Passkeys that are read before other calls get a turn. */
const READ_AT_ONCE = 100

export interface PasskeyRecordsOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  readonly replicas: ReplicaPolicy
}

/**
 * The sealed records of passkeys in Redis. They outlive every key of the ring, so they are sealed again with
 * the newest one.
 */
export function createPasskeyRecords({ redis, ring, replicas }: PasskeyRecordsOptions) {
  const atomically = createAtomically()
  const write = (id: string, known: KnownPasskey) =>
    seal(ring, sealContextOf(id), writeJsonRecord(FORMAT, known)).toString('base64')

  const open = (id: string, stored: string): KnownPasskey | undefined => {
    try {
      const json = unseal(ring, sealContextOf(id), Buffer.from(stored, 'base64'))
      return knownPasskey.parse(readJsonRecord(json, FORMAT, 'passkey'))
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  const all = async () => {
    const ids = await redis.smembers(keys.passkeys)
    const stored = await inSlices(ids, READ_AT_ONCE, (id) => redis.get(keys.passkey(id)))
    return ids.flatMap((id, at) => {
      const text = stored[at]
      return text === null || text === undefined ? [] : [{ id, text, known: open(id, text) }]
    })
  }

  return {
    async get(id: string): Promise<KnownPasskey | undefined> {
      const stored = await redis.get(keys.passkey(id))
      return stored === null ? undefined : open(id, stored)
    },

    /** Newest first. There are ten of each admin at most, so that a set of their ids is enough. */
    async newestFirst(): Promise<Passkey[]> {
      const found = (await all()).flatMap(({ known }) => (known === undefined ? [] : [known.passkey]))
      return found.sort((a, b) => (isBehind(positionOf(a), positionOf(b)) ? 1 : -1))
    },

    /** Answers false when there is a record of this id already. */
    async add(id: string, known: KnownPasskey): Promise<boolean> {
      // Write the list first, because nobody could remove a passkey that no list names.
      await withReplicas(redis, keys.passkeys, replicas, () => redis.sadd(keys.passkeys, id))
      const stored = write(id, known)
      const made = await withReplicas(redis, keys.passkey(id), replicas, () =>
        redis.set(keys.passkey(id), stored, 'NX'),
      )
      return made === 'OK'
    },

    /** Reads, changes and writes atomically. When `to` answers `refused`, nothing is written. */
    async change(
      id: string,
      to: (before: KnownPasskey) => KnownPasskey | 'refused',
    ): Promise<Passkey | 'refused' | undefined> {
      const name = keys.passkey(id)
      return atomically(id, async () => {
        const stored = await redis.get(name)
        const before = stored === null ? undefined : open(id, stored)
        if (stored === null || before === undefined) return undefined
        const after = to(before)
        if (after === 'refused') return after
        const swap = { before: stored, after: write(id, after) }
        if (await withReplicas(redis, name, replicas, () => scripts.swap(redis, [name], swap)))
          return after.passkey
        return OVERTAKEN
      })
    },

    /** Answers false when there was none. */
    async remove(id: string): Promise<boolean> {
      const removed = await withReplicas(redis, keys.passkey(id), replicas, () => redis.del(keys.passkey(id)))
      await withReplicas(redis, keys.passkeys, replicas, () => redis.srem(keys.passkeys, id))
      return removed > 0
    },

    async reseal(): Promise<void> {
      if (ring.keys.length === 1) return
      for (const { id, text, known } of await all()) {
        if (known === undefined || isSealedWithNewest(ring, Buffer.from(text, 'base64'))) continue
        await scripts.swap(redis, [keys.passkey(id)], { before: text, after: write(id, known) })
      }
    },

    unreadable: async (): Promise<number> => (await all()).filter(({ known }) => known === undefined).length,
  }
}

const sealContextOf = (id: string) => ({ purpose: 'passkey', additionalData: `passkey:${id}` }) as const

/** Where a passkey stands in the list, newest first. */
export const positionOf = ({ createdAt, id }: Passkey): ListPosition => ({ atMs: Date.parse(createdAt), id })
