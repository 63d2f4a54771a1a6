import { createHash } from 'node:crypto'
import {
  type KnownPasskey,
  knownPasskey,
  PASSKEY_CHALLENGE_SECONDS,
  PASSKEYS_PER_ADMIN,
  type Passkey,
  type PasskeyCreateRequest,
  type PasskeyList,
  type PasskeyUseRequest,
} from '@emailauth/contracts/passkeys'
import type { RedisConnection } from '@emailauth/redis/connect'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/json-record'
import { hmac } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { inSlices } from '@emailauth/service/in-slices'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import { isBehind, type ListPosition } from '../store/newest-page.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'

/** Passkeys of admins. They outlive every key of the ring, so they are sealed again with the newest one. */
export interface PasskeyStore {
  /** `full`: this admin has the most that are allowed. `exists`: the passkey is registered already. */
  create(request: PasskeyCreateRequest): Promise<Passkey | 'full' | 'exists'>
  get(id: string): Promise<KnownPasskey | undefined>
  /** Newest first. */
  page(options: { readonly first: number; readonly after?: ListPosition | undefined }): Promise<PasskeyList>
  /** The passkeys of one admin, newest first. Takes as long for any address, which it must not reveal. */
  ofAdmin(email: string): Promise<Passkey[]>
  rename(id: string, name: string): Promise<Passkey | undefined>
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

const FORMAT = 1
/** Passkeys that are read before other calls get a turn. */
const READ_AT_ONCE = 100
/** Longer than a challenge is valid, so that a late request cannot use one twice. */
const CLAIM_MS = 2 * PASSKEY_CHALLENGE_SECONDS * 1000
/** Longer than a call takes from reading the list to writing the passkey. */
const RESERVED_MS = 60_000

export interface PasskeyStoreOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /** Digests of addresses are made with it. It never changes. */
  readonly addressKey: Buffer
  readonly replicas: ReplicaPolicy
  readonly now?: (() => number) | undefined
}

export function createPasskeyStore({
  redis,
  ring,
  addressKey,
  replicas,
  now = Date.now,
}: PasskeyStoreOptions): PasskeyStore {
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

  const get = async (id: string) => {
    const stored = await redis.get(keys.passkey(id))
    return stored === null ? undefined : open(id, stored)
  }

  /** Newest first. There are ten of each admin at most, so that a set of their ids is enough. */
  const newestFirst = async () => {
    const found = (await all()).flatMap(({ known }) => (known === undefined ? [] : [known.passkey]))
    return found.sort((a, b) => (isBehind(positionOf(a), positionOf(b)) ? 1 : -1))
  }

  const ofAdmin = async (email: string) => (await newestFirst()).filter((one) => one.email === email)

  /** Reads, changes and writes atomically. When `to` answers `refused`, nothing is written. */
  const change = async (id: string, to: (before: KnownPasskey) => KnownPasskey | 'refused') => {
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
  }

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
      // Write the list first, because nobody could remove a passkey that no list names.
      await withReplicas(redis, keys.passkeys, replicas, () => redis.sadd(keys.passkeys, id))
      const stored = write(id, { passkey, credential })
      const made = await withReplicas(redis, keys.passkey(id), replicas, () =>
        redis.set(keys.passkey(id), stored, 'NX'),
      )
      return made === 'OK' ? passkey : 'exists'
    },

    get,
    ofAdmin,

    async page({ first, after }) {
      const behind = (await newestFirst()).filter((one) => isBehind(positionOf(one), after))
      return { passkeys: behind.slice(0, first), hasNextPage: behind.length > first }
    },

    async rename(id, name) {
      const renamed = await change(id, (before) => ({ ...before, passkey: { ...before.passkey, name } }))
      return renamed === 'refused' ? undefined : renamed
    },

    async remove(id) {
      const known = await get(id)
      const removed = await withReplicas(redis, keys.passkey(id), replicas, () => redis.del(keys.passkey(id)))
      await withReplicas(redis, keys.passkeys, replicas, () => redis.srem(keys.passkeys, id))
      if (known !== undefined) await redis.hdel(addedOf(known.passkey.email), id)
      return removed > 0
    },

    claim,

    async use(id, { challenge, counter }) {
      if (!(await claim(challenge))) return 'refused'
      return change(id, ({ passkey, credential }) => {
        // Both 0: this authenticator does not count. Otherwise the counter must grow.
        const hasGrown = counter > credential.counter || (counter === 0 && credential.counter === 0)
        if (!hasGrown) return 'refused'
        const lastUsedAt = new Date(now()).toISOString()
        return { passkey: { ...passkey, lastUsedAt }, credential: { ...credential, counter } }
      })
    },

    async reseal() {
      if (ring.keys.length === 1) return
      for (const { id, text, known } of await all()) {
        if (known === undefined || isSealedWithNewest(ring, Buffer.from(text, 'base64'))) continue
        await scripts.swap(redis, [keys.passkey(id)], { before: text, after: write(id, known) })
      }
    },

    unreadable: async () => (await all()).filter(({ known }) => known === undefined).length,
  }
}

const sealContextOf = (id: string) => ({ purpose: 'passkey', additionalData: `passkey:${id}` }) as const

const positionOf = ({ createdAt, id }: Passkey): ListPosition => ({ atMs: Date.parse(createdAt), id })
