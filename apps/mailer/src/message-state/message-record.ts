import type { MessageState } from '@emailauth/contracts/messages'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, unseal } from '@emailauth/secrets/seal'

/** What is kept of a message: how its last attempt ended. */
export interface MessageRecord {
  readonly state: MessageState
  readonly attempts: number
  /** Unix milliseconds. */
  readonly updatedAtMs: number
  /** What the SMTP server said; null when it was not asked. */
  readonly reply: string | null
  /** What the SMTP server calls the mail, with `sent` and after it (smtp/provider-id.ts). */
  readonly providerId?: string | null
  /** Unix milliseconds; null when no further attempt is planned. */
  readonly nextAttemptAtMs: number | null
}

/** Seals a record for its place: the identity's key and the message's id. */
export function sealRecord(ring: KeyRing, key: string, messageId: string, record: MessageRecord): Buffer {
  const { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId } = record
  return seal(
    ring,
    place(key, messageId),
    JSON.stringify([state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId ?? null]),
  )
}

/** @throws {UnsealError} when it was sealed for another place, altered, or its key has left the ring. */
export function unsealRecord(ring: KeyRing, key: string, messageId: string, sealed: Buffer): MessageRecord {
  const [state, attempts, updatedAtMs, reply, nextAttemptAtMs = null, providerId = null] = JSON.parse(
    unseal(ring, place(key, messageId), sealed),
  )
  return { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId }
}

function place(key: string, messageId: string): SealContext {
  return { purpose: 'message', place: `message ${key} ${messageId}` }
}
