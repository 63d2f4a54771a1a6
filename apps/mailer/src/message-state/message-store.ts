import { randomBytes } from 'node:crypto'
import type { MessageRequest } from '@emailauth/contracts/messages'
import { isRefusedWrite } from '@emailauth/redis/faults'
import { packIdentity } from './identity-bytes.ts'
import { LEASE_MS } from './leases.ts'
import { digestOf, type MessageName, stateKeyOf, writeName } from './message-name.ts'
import { createMessageReads, type MessageReads, type MessageReadsOptions } from './message-reads.ts'
import { type MessageRecord, sealRecord, unsealRecord } from './message-record.ts'
import { createOpenLog, openOrLog } from './open-or-log.ts'
import { scripts } from './scripts.ts'
import { sealRequest } from './sealed-request.ts'
import { idInState } from './state-reader.ts'
import { createTurn } from './turn.ts'

/**
 * What a claim came to. `taken`: another attempt runs, here or elsewhere. `attempt` counts from 1.
 * `deferred`: the message waits for its next attempt, and this call was not that.
 */
export type Claim =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'taken'; readonly attempt: number }
  | { readonly kind: 'completed'; readonly record: MessageRecord }
  | { readonly kind: 'deferred'; readonly record: MessageRecord }
  | { readonly kind: 'dropped' }

/**
 * Changes and reads the state of each identity's messages. It outlives the identity by a minute, so that a
 * late call gets the same outcome and no second mail. Every method fails when Redis does not answer; it may
 * have taken effect.
 */
export interface MessageStore extends MessageReads {
  /**
   * Claims a message for one attempt. Only one caller of all mailers gets it. If this mailer dies, another
   * one may claim it when the lease is over. `retry`: the attempt of a deferred message.
   */
  claim(name: MessageName, expiresAtMs: number, retry: boolean): Promise<Claim>
  /**
   * Keeps a copy of a message that is under way, here or elsewhere. From then on it is sent even if its
   * mailer dies. False when it is complete or dropped, or nobody has claimed it.
   */
  keep(request: MessageRequest): Promise<boolean>
  /** Prolongs a claim while the attempt lasts. False when another mailer has the claim. */
  renew(name: MessageName, leaseMs: number): Promise<boolean>
  /**
   * Records the outcome of the claimed attempt, releases the claim and adds the message to its state's list.
   * With `deferred` it keeps a copy too. False: the message is complete already, another mailer has the
   * claim, or it was deferred when the lease was over and no copy is kept.
   */
  complete(request: MessageRequest, record: MessageRecord, expiresAtMs: number): Promise<boolean>
  /** This mailer has no message under way. Until it says so, the index is not idle. */
  rest(): Promise<void>
  /**
   * Drops the identity: none of its messages can be claimed any more. Returns the message that waited, if one
   * did.
   */
  drop(identityId: string): Promise<MessageName | undefined>
  /** Marks a sent message as bounced. False when its state is gone. */
  bounce(name: MessageName, record: MessageRecord): Promise<boolean>
}

export interface MessageStoreOptions extends MessageReadsOptions {
  /**
   * Learns the time of Redis from a claim, before its attempt goes by it.
   * @param askedAtMs when the claim was sent, `performance.now()`
   */
  readonly learnNow?: ((redisMs: number, askedAtMs: number) => void) | undefined
}

/** How long state is kept after the number expires. */
export const KEPT_AFTER_EXPIRY_MS = 60_000

/** Messages in Redis: one string for each identity, as lua/partition.lua describes it. */
export function createMessageStore(options: MessageStoreOptions): MessageStore {
  const { redis, keys, ring, now, learnNow, logger } = options
  const openLog = createOpenLog(logger)
  const owner = randomBytes(12).toString('base64url')
  const keyPrefixOf = (identityId: string) => keys.partitionOf(identityId).keys
  const afterThisTurn = createTurn()

  function keepUntil(expiresAtMs: number): number {
    return Math.max(expiresAtMs, now()) + KEPT_AFTER_EXPIRY_MS
  }

  return {
    ...createMessageReads(options),

    async claim(name, expiresAtMs, retry) {
      const { state, id, name: listed } = nameArguments(name)
      const terms = {
        state,
        id,
        name: listed,
        keptUntil: keepUntil(expiresAtMs),
        retry: retry ? '1' : '0',
        owner,
        leaseMs: LEASE_MS,
        leaseEnds: now() + LEASE_MS,
      }
      const claimed = (always: '0' | '1') =>
        scripts.claim(redis, [keyPrefixOf(name.identityId)], { ...terms, always })
      const askedAtMs = performance.now()
      const reply = await claimed('0').catch((error) => {
        // A full Redis. The number was stored before it was full, and its mail needs no room that lasts.
        if (isRefusedWrite(error)) return claimed('1')
        throw error
      })
      if (reply.kind === 'claimed') {
        learnNow?.(reply.redisMs, askedAtMs)
        return { kind: reply.kind, attempt: reply.attempt }
      }
      if (!('sealed' in reply)) return reply
      const record = openOrLog(openLog, () => unsealRecord(ring, name, reply.sealed))
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

    async keep(request) {
      return scripts.keep(redis, [keyPrefixOf(request.identityId)], {
        ...nameArguments(request),
        request: sealRequest(ring, request),
        leaseEnds: now() + LEASE_MS,
      })
    },

    async renew(name, leaseMs) {
      const lease = { owner, leaseMs, leaseEnds: now() + leaseMs }
      return scripts.renew(redis, [keyPrefixOf(name.identityId)], { ...nameArguments(name), ...lease })
    },

    async complete(request, record, expiresAtMs) {
      const { identityId } = request
      const { state: stateKey, id, name } = nameArguments(request)
      const sealed = sealRecord(ring, request, record)
      const keptUntilMs = keepUntil(expiresAtMs)
      // Only a sent message can bounce.
      const findableMs = record.state === 'sent' ? Math.ceil(keptUntilMs - now()) : 0
      await afterThisTurn()
      return scripts.complete(redis, [keyPrefixOf(identityId)], {
        stateKey,
        id,
        name,
        state: record.state,
        record: sealed,
        attempts: record.attempts,
        request: record.state === 'deferred' ? sealRequest(ring, request) : '',
        keptUntil: keptUntilMs,
        owner,
        now: now(),
        identity: packIdentity(identityId),
        digest: id === '' ? '' : digestOf(request),
        findableMs,
      })
    },

    async rest() {
      await Promise.all(keys.partitions.map(({ busy }) => redis.zrem(busy, owner)))
    },

    async drop(identityId) {
      const args = { state: stateKeyOf(identityId), keptMs: KEPT_AFTER_EXPIRY_MS }
      const id = await scripts.drop(redis, [keyPrefixOf(identityId)], args)
      return id === undefined ? undefined : { identityId, messageId: id || identityId }
    },

    async bounce(name, record) {
      const { state, id } = nameArguments(name)
      const sealed = sealRecord(ring, name, record)
      return scripts.bounce(redis, [keyPrefixOf(name.identityId)], { state, id, record: sealed })
    },
  }
}

function nameArguments(name: MessageName) {
  return { state: stateKeyOf(name.identityId), id: idInState(name), name: writeName(name) }
}
