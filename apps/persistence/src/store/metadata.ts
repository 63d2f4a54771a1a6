import { randomBytes } from 'node:crypto'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { Cluster } from 'ioredis'
import { keys } from './keys.ts'
import { scripts } from './scripts.ts'

/** Fixed when a store is first used. */
export interface StoreMetadata {
  /** The layout in Redis. A service works on the one that the store has, and never changes it. */
  readonly format: number
  /** 1 on a single Redis, 64 on a Cluster. */
  readonly partitions: number
  readonly partitionKey: Buffer
  /** Random. Readable without a key, so that each process can tell its store from another one. */
  readonly storeId: string
}

/**
 * Versions of the layout in Redis that this build works on. It writes the newest into a new store. A change
 * that the build before cannot work on raises it, and the build that does so still works on the one before.
 */
export const STORE_FORMATS = { oldest: 1, newest: 2 }
const CLUSTER_PARTITIONS = 64
const SEAL_CONTEXT = { purpose: 'store', additionalData: 'partition key' } as const

/**
 * Reads the store's metadata. On the first use it writes them. Services that start together get the same.
 * @throws {Error} when the store has another format, or the key of the metadata has left the ring.
 */
export async function readMetadata(redis: RedisConnection, ring: KeyRing): Promise<StoreMetadata> {
  await redis.hsetnx(keys.meta, 'format', STORE_FORMATS.newest)
  await redis.hsetnx(keys.meta, 'partitions', redis instanceof Cluster ? CLUSTER_PARTITIONS : 1)
  await redis.hsetnx(keys.meta, 'partitionKey', seal(ring, SEAL_CONTEXT, randomBytes(32).toString('base64')))
  // A store that an earlier version made gets its id here.
  await redis.hsetnx(keys.meta, 'storeId', randomBytes(16).toString('base64url'))
  const stored = await redis.hgetallBuffer(keys.meta)
  const format = Number(stored.format?.toString())
  checkFormat(format)
  const { partitionKey: sealed, storeId } = stored
  if (sealed === undefined || storeId === undefined)
    throw new Error('The store in Redis has lost its metadata.')
  try {
    const partitionKey = unseal(ring, SEAL_CONTEXT, sealed)
    // It outlives every key of the ring, so it is sealed again with the newest one. Then the others can be
    // removed.
    if (ring.keys.length > 1)
      await scripts.reseal(redis, [keys.meta], {
        field: 'partitionKey',
        before: sealed,
        after: seal(ring, SEAL_CONTEXT, partitionKey),
      })
    return {
      format,
      partitions: Number(stored.partitions),
      partitionKey: Buffer.from(partitionKey, 'base64'),
      storeId: storeId.toString(),
    }
  } catch (cause) {
    if (!(cause instanceof UnsealError)) throw cause
    throw new Error(
      'The store in Redis was made with a secret key that is not in EMAILAUTH_SECRET_KEYS; add the key back, after the newest.',
      { cause },
    )
  }
}

/** The id of the store that is there now. null: Redis has none. */
export function readStoreId(redis: RedisConnection): Promise<string | null> {
  return redis.hget(keys.meta, 'storeId')
}

/** @throws {Error} when this build cannot work on a store of this format. */
export function checkFormat(format: number, { oldest, newest } = STORE_FORMATS): void {
  const works = oldest === newest ? `format ${newest}` : `formats ${oldest} to ${newest}`
  if (format > newest) {
    throw new Error(
      `The store in Redis has format ${format}, which a newer version of emailauth wrote; this one works on ${works}. Start that version or a newer one, or restore a backup from before the upgrade.`,
    )
  }
  if (!(format >= oldest)) {
    throw new Error(
      `The store in Redis has format ${format}, which is too old; this version works on ${works}. Start the versions in between first, one after the other, until each has migrated the store.`,
    )
  }
}
