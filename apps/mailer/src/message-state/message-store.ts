import { randomBytes } from 'node:crypto'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineRule } from '@emailauth/redis/rule'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import type { Logger } from '@emailauth/service/logger'
import bounceLua from './lua/bounce.lua'
import claimLua from './lua/claim.lua'
import completeLua from './lua/complete.lua'
import dropLua from './lua/drop.lua'
import partitionLua from './lua/partition.lua'
import readLua from './lua/read.lua'
import renewLua from './lua/renew.lua'
import type { MessageKeys } from './message-keys.ts'
import { digestOf, type MessageName, writeName } from './message-name.ts'
import { type MessageRecord, sealRecord, unsealRecord } from './message-record.ts'
import { createTurn } from './turn.ts'

export type Claim =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'taken'; readonly attempt: number }
  | { readonly kind: 'completed'; readonly record: MessageRecord }
  | { readonly kind: 'deferred'; readonly record: MessageRecord }
  | { readonly kind: 'dropped' }

/**
 * The state of each identity's messages. It outlives the identity by a minute, so that a late call gets the
 * same outcome and no second mail. Every method fails when Redis does not answer; it may have taken effect.
 */
export interface MessageStore {
  /**
   * Claims a message for one attempt. Only one caller of all mailers gets it. If this mailer dies, another
   * one takes the message over. `retry`: the attempt of a deferred message.
   */
  claim(request: MessageRequest, expiresAtMs: number, retry: boolean): Promise<Claim>
  /** Prolongs a claim while the attempt lasts. False when another mailer has the claim. */
  renew(name: MessageName, leaseMs: number): Promise<boolean>
  /**
   * Records the outcome of the claimed attempt, releases the claim and adds the message to its state's list.
   * False: the message is complete already, or another mailer has the claim.
   */
  complete(name: MessageName, record: MessageRecord, expiresAtMs: number): Promise<boolean>
  /** The state of one message, if known. `queued` while an attempt runs. */
  find(name: MessageName): Promise<MessageRecord | undefined>
  /** The request to mail. Undefined when the message is complete or dropped, or its number has expired. */
  request(name: MessageName): Promise<MessageRequest | undefined>
  /** The newest message of an identity, if any. */
  findNewest(identityId: string): Promise<(MessageName & MessageRecord) | undefined>
  /** Whether a relay took any message of an identity, and it did not bounce. */
  wasDelivered(identityId: string): Promise<boolean>
  /**
   * Drops the identity: none of its messages can be claimed any more. Returns the message that waited, if one
   * did.
   */
  drop(identityId: string): Promise<MessageName | undefined>
  /** Marks a sent message as bounced. False when its state is gone. */
  bounce(name: MessageName, record: MessageRecord): Promise<boolean>
}

/** A claim older than this belongs to a dead mailer. A living one renews it well before. */
export const LEASE_MS = 5000
/**
 * Lease while a relay has the whole message and has not answered. It is longer, so that a mailer which is
 * cut off from Redis keeps its message. Another mailer would send it a second time.
 */
export const AT_DOT_LEASE_MS = 60_000
/** How long state is kept after the number expires. */
export const KEPT_AFTER_EXPIRY_MS = 60_000

const library = { partition: partitionLua }
const claimScript = defineRule(claimLua, {
  library,
  args: ['name', 'keptUntil', 'request', 'retry', 'owner', 'leaseMs', 'leaseEnds'],
  decode: decodeClaim,
})
const renewScript = defineRule(renewLua, {
  library,
  args: ['name', 'owner', 'leaseMs', 'leaseEnds'],
  decode: isDone,
})
const completeScript = defineRule(completeLua, {
  library,
  args: ['name', 'state', 'record', 'keptUntil', 'owner', 'now', 'digest', 'findableMs'],
  decode: isDone,
})
const dropScript = defineRule(dropLua, {
  library,
  args: ['identity', 'keptMs'],
  decode: (waiting: Buffer | null) => waiting?.toString(),
})
const bounceScript = defineRule(bounceLua, { library, args: ['name', 'record'], decode: isDone })
const readScript = defineRule(readLua, { library, args: ['identity'], decode: decodeFields })

/** Messages in Redis: one string for each identity, as lua/partition.lua describes it. */
export function createMessageStore(
  redis: RedisConnection,
  keys: MessageKeys,
  ring: KeyRing,
  now: () => number,
  logger?: Logger,
): MessageStore {
  const owner = randomBytes(12).toString('base64url')
  const keyOf = (identityId: string) => keys.partitionOf(identityId).messages(identityId)

  const keyPrefixOf = (identityId: string) => keys.partitionOf(identityId).keys
  const afterThisTurn = createTurn()

  function keepUntil(expiresAtMs: number): number {
    return Math.max(expiresAtMs, now()) + KEPT_AFTER_EXPIRY_MS
  }

  /** A record whose key has left the ring counts as unknown. */
  function opened<T>(open: () => T): T | undefined {
    try {
      return open()
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error
      logger?.warn({ err: error }, 'a message cannot be read any more')
      return undefined
    }
  }

  function fieldsOf(identityId: string): Promise<Fields> {
    return readScript(redis, [keyPrefixOf(identityId)], { identity: identityId })
  }

  function read({ identityId, messageId }: MessageName, fields: Fields): MessageRecord | undefined {
    const [key, id] = [keyOf(identityId), idInFields(identityId, messageId)]
    const completed = fields.get(`c:${id}`)
    if (completed !== undefined) return opened(() => unsealRecord(ring, key, messageId, completed))
    const attempts = Number(fields.get(`a:${id}`) ?? 0)
    const leaseEndsAtMs = Number.parseInt(fields.get(`l:${id}`)?.toString() ?? '', 10)
    const state = (named: MessageRecord['state'], updatedAtMs: number): MessageRecord => ({
      state: named,
      attempts,
      updatedAtMs,
      reply: null,
      nextAttemptAtMs: null,
    })
    if (fields.has('x')) return state('dropped', now())
    if (leaseEndsAtMs > now()) return state('queued', leaseEndsAtMs - LEASE_MS)
    const deferred = fields.get(`d:${id}`)
    if (deferred !== undefined) return opened(() => unsealRecord(ring, key, messageId, deferred))
    // Its mailer died in the attempt.
    return attempts === 0 ? undefined : state('deferred', leaseEndsAtMs)
  }

  return {
    async claim(request, expiresAtMs, retry) {
      const { identityId, messageId } = request
      const key = keyOf(identityId)
      const sealed = seal(ring, requestSealContext(key, messageId), JSON.stringify(request))
      const reply = await claimScript(redis, [keyPrefixOf(identityId)], {
        name: writeName(request),
        keptUntil: keepUntil(expiresAtMs),
        request: sealed,
        retry: retry ? '1' : '0',
        owner,
        leaseMs: LEASE_MS,
        leaseEnds: now() + LEASE_MS,
      })
      if (!('sealed' in reply)) return reply
      const record = opened(() => unsealRecord(ring, key, messageId, reply.sealed))
      // It must not be mailed again, whatever happened to it.
      const unknown = {
        state: 'sent',
        attempts: 1,
        updatedAtMs: now(),
        reply: null,
        nextAttemptAtMs: null,
      } as const
      return { kind: reply.kind, record: record ?? unknown }
    },

    async renew(name, leaseMs) {
      const args = { name: writeName(name), owner, leaseMs, leaseEnds: now() + leaseMs }
      return renewScript(redis, [keyPrefixOf(name.identityId)], args)
    },

    async complete(name, record, expiresAtMs) {
      const { identityId, messageId } = name
      const sealed = sealRecord(ring, keyOf(identityId), messageId, record)
      const keptUntilMs = keepUntil(expiresAtMs)
      // Only a sent message can bounce.
      const findableMs = record.state === 'sent' ? Math.ceil(keptUntilMs - now()) : 0
      await afterThisTurn()
      return completeScript(redis, [keyPrefixOf(identityId)], {
        name: writeName(name),
        state: record.state,
        record: sealed,
        keptUntil: keptUntilMs,
        owner,
        now: now(),
        digest: digestOf(name),
        findableMs,
      })
    },

    async find(name) {
      return read(name, await fieldsOf(name.identityId))
    },

    async request({ identityId, messageId }) {
      const sealed = (await fieldsOf(identityId)).get(`r:${idInFields(identityId, messageId)}`)
      if (sealed === undefined) return undefined
      const context = requestSealContext(keyOf(identityId), messageId)
      return opened(() => JSON.parse(unseal(ring, context, sealed)) as MessageRequest)
    },

    async findNewest(identityId) {
      const fields = await fieldsOf(identityId)
      const newest = fields.get('n')?.toString()
      if (newest === undefined) return undefined
      const name = { identityId, messageId: newest || identityId }
      const record = read(name, fields)
      return record === undefined ? undefined : { ...name, ...record }
    },

    async wasDelivered(identityId) {
      const key = keyOf(identityId)
      const fields = [...(await fieldsOf(identityId))]
      return fields.some(([field, sealed]) => {
        if (!field.startsWith('c:')) return false
        const messageId = field.slice('c:'.length) || identityId
        return opened(() => unsealRecord(ring, key, messageId, sealed))?.state === 'sent'
      })
    },

    async drop(identityId) {
      const args = { identity: identityId, keptMs: KEPT_AFTER_EXPIRY_MS }
      const messageId = await dropScript(redis, [keyPrefixOf(identityId)], args)
      return messageId === undefined ? undefined : { identityId, messageId }
    },

    async bounce(name, record) {
      const { identityId, messageId } = name
      const sealed = sealRecord(ring, keyOf(identityId), messageId, record)
      return bounceScript(redis, [keyPrefixOf(identityId)], { name: writeName(name), record: sealed })
    },
  }
}

type Fields = ReadonlyMap<string, Buffer>

function decodeFields(flat: readonly Buffer[]): Fields {
  return new Map(
    Array.from({ length: flat.length / 2 }, (_, i) => [
      (flat[2 * i] as Buffer).toString(),
      flat[2 * i + 1] as Buffer,
    ]),
  )
}

/** A message whose id is its identity's has no id in the fields. Most messages are such. */
function idInFields(identityId: string, messageId: string): string {
  return messageId === identityId ? '' : messageId
}

function isDone(reply: number): boolean {
  return reply === 1
}

/** Decodes a reply of lua/claim.lua. `sealed`: the record of a message that is not claimed. */
function decodeClaim([kind, detail]: [Buffer, (Buffer | number)?]):
  | Exclude<Claim, { record: MessageRecord }>
  | { readonly kind: 'completed' | 'deferred'; readonly sealed: Buffer } {
  const said = kind.toString()
  switch (said) {
    case 'claimed':
    case 'taken':
      return { kind: said, attempt: Number(detail) }
    case 'completed':
    case 'deferred':
      return { kind: said, sealed: detail as Buffer }
    case 'dropped':
      return { kind: said }
    default:
      throw new Error(`The claim rule replied ${said}.`)
  }
}

function requestSealContext(key: string, messageId: string): SealContext {
  return { purpose: 'message', additionalData: `message request ${key} ${messageId}` }
}
