import type { MessageState } from '@emailauth/contracts/messages'
import { requireFormat } from '@emailauth/redis/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, unseal } from '@emailauth/secrets/seal'

/** The stored state of a message: how its last attempt ended. */
export interface MessageRecord {
  readonly state: MessageState
  readonly attempts: number
  /** Unix milliseconds. */
  readonly updatedAtMs: number
  /** The SMTP server's reply. Null when no server was asked. */
  readonly reply: string | null
  /** Host and port of the server. Absent or null when none was asked. */
  readonly relay?: string | null
  /** The SMTP server's own id of the mail, from `sent` on (smtp/provider-id.ts). */
  readonly providerId?: string | null
  /** Unix milliseconds. Null when no further attempt is planned. */
  readonly nextAttemptAtMs: number | null
  /** The server got the whole mail and did not answer, so it may have taken it. */
  readonly isUnanswered?: boolean
}

/**
 * Records of the first format begin with their state. Those of later ones begin with the number of theirs, so
 * that the hot path writes no byte for it until there is one.
 */
const FORMAT = 1

/** Seals a record to its identity's key and its message id. */
export function sealRecord(ring: KeyRing, key: string, messageId: string, record: MessageRecord): Buffer {
  const { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId, relay, isUnanswered } = record
  return seal(
    ring,
    sealContextOf(key, messageId),
    JSON.stringify(
      withoutLastNulls([
        ...[state, attempts, updatedAtMs, reply, relay ?? null, placeOf(providerId, reply)],
        ...[nextAttemptAtMs, isUnanswered ? true : null],
      ]),
    ),
  )
}

function withoutLastNulls(values: readonly unknown[]): readonly unknown[] {
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1)
}

/** The id stands in the reply, so its start and length there are kept. An id that does not is kept itself. */
function placeOf(providerId: string | null | undefined, reply: string | null) {
  if (!providerId) return null
  const start = reply?.indexOf(providerId) ?? -1
  return start < 0 ? providerId : [start, providerId.length]
}

function providerIdAt(place: unknown, reply: string | null): string | null {
  if (!Array.isArray(place)) return typeof place === 'string' ? place : null
  const [start, length] = place
  return reply?.slice(start, start + length) ?? null
}

/**
 * @throws {UnsealError} when it was sealed for other data or altered, or its key has left the ring
 * @throws {Error} when a newer version wrote it. Then nobody knows whether the mail was sent.
 */
export function unsealRecord(ring: KeyRing, key: string, messageId: string, sealed: Buffer): MessageRecord {
  const values = JSON.parse(unseal(ring, sealContextOf(key, messageId), sealed))
  if (typeof values[0] === 'number') requireFormat(values[0], FORMAT, 'state of a mail')
  const [state, attempts, updatedAtMs, reply = null, relay = null, place, nextAttemptAtMs = null] = values
  const isUnanswered = values[7]
  const providerId = providerIdAt(place, reply)
  const record = { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId, relay }
  return isUnanswered === true ? { ...record, isUnanswered } : record
}

function sealContextOf(key: string, messageId: string): SealContext {
  return { purpose: 'message', additionalData: `message ${key} ${messageId}` }
}
