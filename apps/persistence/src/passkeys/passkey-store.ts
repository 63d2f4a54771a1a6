import { createHash } from 'node:crypto'
import {
  type KnownPasskey,
  PASSKEY_CHALLENGE_SECONDS,
  PASSKEYS_PER_ADMIN,
  type Passkey,
  type PasskeyCreateRequest,
  type PasskeyList,
  type PasskeyUseRequest,
} from '@emailauth/contracts/passkeys'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { hmac } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'
import { isBehind, type ListPosition } from '../store/newest-page.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'
import { createPasskeyRecords, positionOf } from './passkey-records.ts'

/** Passkeys of admins. */
export interface PasskeyStore {
  /** `full`: this admin has the most that are allowed. `exists`: the passkey is registered already. */
  create(request: PasskeyCreateRequest): Promise<Passkey | 'full' | 'exists'>
  get(id: string): Promise<KnownPasskey | undefined>
  /** Newest first. */
  page(options: { readonly first: number; readonly after?: ListPosition | undefined }): Promise<PasskeyList>
  /** The passkeys of one admin, newest first. Takes as long for any address, which it must not reveal. */
  ofAdmin(email: string): Promise<Passkey[]>
  rename(id: string, name: string): Promise<Passkey | undefined>
  /**
   * Lets a passkey be removed, atomically. Answers false when this admin would have no passkey left.
   */
  retire(id: string, keepOneOf: string): Promise<boolean>
  remove(id: string): Promise<boolean>
  /** Uses up a challenge. Answers true only once for each challenge. */
  claim(challenge: string): Promise<boolean>
  /**
   * Records a use after its signature was verified. `undefined`: there is no such passkey. `refused`: the
   * challenge was used before, or the counter did not grow.
   */
  use(id: string, request: PasskeyUseRequest): Promise<Passkey | 'refused' | undefined>
  /** Seals passkeys again that an older key sealed. */
  reseal(): Promise<void>
  /** Counts the passkeys whose key has left the ring. */
  unreadable(): Promise<number>
}

/** Longer than a challenge is valid, so that a late request cannot use one twice. */
const CLAIM_MS = 2 * PASSKEY_CHALLENGE_SECONDS * 1000
/** Longer than a call takes from reading the list to writing the passkey. */
const RESERVED_MS = 60_000
/** Longer than a call takes to remove a passkey after it was let go. */
const RETIRED_MS = 60_000

export interface PasskeyStoreOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /** Digests of addresses are made with it. It never changes. */
  readonly addressKey: Buffer
  readonly replicas: ReplicaPolicy
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

export function createPasskeyStore({
  redis,
  ring,
  addressKey,
  replicas,
  now,
}: PasskeyStoreOptions): PasskeyStore {
  const records = createPasskeyRecords({ redis, ring, replicas })

  const ofAdmin = async (email: string) => (await records.newestFirst()).filter((one) => one.email === email)

  const claim = async (challenge: string) => {
    const name = keys.passkeyChallenge(createHash('sha256').update(challenge).digest('base64url'))
    const write = () => redis.set(name, '1', 'PX', CLAIM_MS, 'NX')
    return (await withReplicas(redis, name, replicas, write)) === 'OK'
  }

  const addedOf = (email: string) =>
    keys.passkeysAdded(hmac(addressKey, `passkeys\n${email}`, 16).toString('hex'))

  /** Counts a passkey before it is written. If it then is not written, it counts until the key expires. */
  const reserve = async (email: string, id: string) => {
    const added = addedOf(email)
    const each = (await ofAdmin(email)).map((one) => ({ known: one.id }))
    const args = { id, most: PASSKEYS_PER_ADMIN, keptMs: RESERVED_MS, each }
    return withReplicas(redis, added, replicas, () => scripts.passkeyReserve(redis, [added], args))
  }

  return {
    async create({ email, name, isBackedUp, ...credential }) {
      const id = createHash('sha256')
        .update(Buffer.from(credential.credentialId, 'base64url'))
        .digest('base64url')
      if (!(await reserve(email, id))) return 'full'
      const createdAt = new Date(now()).toISOString()
      const passkey: Passkey = { id, email, name, createdAt, lastUsedAt: null, isBackedUp }
      return (await records.add(id, { passkey, credential })) ? passkey : 'exists'
    },

    get: records.get,
    ofAdmin,

    async page({ first, after }) {
      const behind = (await records.newestFirst()).filter((one) => isBehind(positionOf(one), after))
      return { passkeys: behind.slice(0, first), hasNextPage: behind.length > first }
    },

    async rename(id, name) {
      const renamed = await records.change(id, (before) => ({
        ...before,
        passkey: { ...before.passkey, name },
      }))
      return renamed === 'refused' ? undefined : renamed
    },

    async retire(id, keepOneOf) {
      const others = (await ofAdmin(keepOneOf)).filter((one) => one.id !== id)
      const [listed, retired] = keys.passkeysRetired
      const args = { id, keptMs: RETIRED_MS, each: others.map((one) => ({ other: one.id })) }
      return withReplicas(redis, retired, replicas, () =>
        scripts.passkeyRetire(redis, [listed, retired], args),
      )
    },

    async remove(id) {
      const known = await records.get(id)
      const wasThere = await records.remove(id)
      // It may be added again at once.
      await redis.hdel(keys.passkeysRetired[1], id)
      if (known !== undefined) await redis.hdel(addedOf(known.passkey.email), id)
      return wasThere
    },

    claim,

    async use(id, { challenge, counter }) {
      if (!(await claim(challenge))) return 'refused'
      return records.change(id, ({ passkey, credential }) => {
        // Both 0: this authenticator does not count. Otherwise the counter must grow.
        const hasGrown = counter > credential.counter || (counter === 0 && credential.counter === 0)
        if (!hasGrown) return 'refused'
        const lastUsedAt = new Date(now()).toISOString()
        return { passkey: { ...passkey, lastUsedAt }, credential: { ...credential, counter } }
      })
    },

    reseal: records.reseal,
    unreadable: records.unreadable,
  }
}
