import { randomBytes } from 'node:crypto'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import claimLua from './lua/claim.lua'
import dropLua from './lua/drop.lua'
import settleLua from './lua/settle.lua'
import { type MessageRecord, sealRecord, unsealRecord } from './message-record.ts'

/** Names a message. The id is unique among its identity's messages only. */
export interface MessageName {
  readonly identityId: string
  readonly messageId: string
}

type Claim =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'taken'; readonly attempt: number }
  | { readonly kind: 'settled'; readonly record: MessageRecord }
  | { readonly kind: 'dropped' }

/**
 * Where the messages of an identity stand. It outlives the identity by a minute, so that a late call gets the
 * same answer and no second mail. Every method fails when Redis does not answer; whether it took effect is unknown then.
 */
export interface MessageStore {
  /** Claims a message for one attempt; of all callers everywhere one gets it. `expiresAtMs`: when its number dies. */
  claim(name: MessageName, expiresAtMs: number): Promise<Claim>
  /** Records how the claimed attempt ended and gives the claim back. False: it was settled already, or claimed by another since. */
  settle(name: MessageName, record: MessageRecord, expiresAtMs: number): Promise<boolean>
  /** What is known of one message, if anything; `queued` while somebody is at it. */
  find(name: MessageName): Promise<MessageRecord | undefined>
  /** The newest message of an identity, if it has any. */
  findNewest(identityId: string): Promise<(MessageName & MessageRecord) | undefined>
  /** From now on no message of this identity is claimed. */
  drop(identityId: string): Promise<void>
}

/** Longer than an attempt may last; a claim that is older is that of a dead mailer. */
const LEASE_MS = 30_000
/** How long state is kept beyond the life of the number. */
const KEPT_AFTER_EXPIRY_MS = 60_000

const claimScript = defineScript<[Buffer, (Buffer | number)?]>(claimLua)
const settleScript = defineScript<number>(settleLua)
const dropScript = defineScript<number>(dropLua)

/**
 * Messages in Redis: one hash for each identity, with the fields `newest` (a message id), `dropped`, and for each message
 * `attempts:<id>`, `lease:<id>` (end of the lease in Unix milliseconds, owner), `deferred:<id>` and `settled:<id>` (sealed records).
 */
export function createMessageStore(redis: RedisConnection, ring: KeyRing, now: () => number): MessageStore {
  const owner = randomBytes(12).toString('base64url')

  function keepUntil(expiresAtMs: number): number {
    return Math.max(expiresAtMs, now()) + KEPT_AFTER_EXPIRY_MS
  }

  function read(key: string, messageId: string, fields: Record<string, Buffer>): MessageRecord | undefined {
    const settled = fields[`settled:${messageId}`]
    if (settled !== undefined) return unsealRecord(ring, key, messageId, settled)
    const attempts = Number(fields[`attempts:${messageId}`] ?? 0)
    const leaseEndsAtMs = Number.parseInt(fields[`lease:${messageId}`]?.toString() ?? '', 10)
    if (fields.dropped !== undefined) return { state: 'dropped', attempts, updatedAtMs: now(), reply: null }
    if (leaseEndsAtMs > now()) {
      return { state: 'queued', attempts, updatedAtMs: leaseEndsAtMs - LEASE_MS, reply: null }
    }
    const deferred = fields[`deferred:${messageId}`]
    if (deferred !== undefined) return unsealRecord(ring, key, messageId, deferred)
    if (attempts === 0) return undefined
    // Its mailer died in the attempt.
    return { state: 'deferred', attempts, updatedAtMs: leaseEndsAtMs, reply: null }
  }

  return {
    async claim({ identityId, messageId }, expiresAtMs) {
      const key = keyOf(identityId)
      const reply = await claimScript(redis, [key], [messageId, owner, LEASE_MS, keepUntil(expiresAtMs)])
      const [kind, detail] = reply
      switch (kind.toString()) {
        case 'claimed':
          return { kind: 'claimed', attempt: Number(detail) }
        case 'taken':
          return { kind: 'taken', attempt: Number(detail) }
        case 'settled':
          return { kind: 'settled', record: unsealRecord(ring, key, messageId, detail as Buffer) }
        default:
          return { kind: 'dropped' }
      }
    },

    async settle({ identityId, messageId }, record, expiresAtMs) {
      const key = keyOf(identityId)
      const over = record.state === 'deferred' ? '0' : '1'
      const sealed = sealRecord(ring, key, messageId, record)
      return (
        (await settleScript(redis, [key], [messageId, owner, over, sealed, keepUntil(expiresAtMs)])) === 1
      )
    },

    async find({ identityId, messageId }) {
      const key = keyOf(identityId)
      return read(key, messageId, await redis.hgetallBuffer(key))
    },

    async findNewest(identityId) {
      const key = keyOf(identityId)
      const fields = await redis.hgetallBuffer(key)
      const messageId = fields.newest?.toString()
      const record = messageId === undefined ? undefined : read(key, messageId, fields)
      return messageId === undefined || record === undefined
        ? undefined
        : { identityId, messageId, ...record }
    },

    async drop(identityId) {
      await dropScript(redis, [keyOf(identityId)], [KEPT_AFTER_EXPIRY_MS])
    },
  }
}

function keyOf(identityId: string): string {
  return `ea:{mail:${identityId}}:messages`
}
