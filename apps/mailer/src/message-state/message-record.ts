import type { MessageState } from '@emailauth/contracts/messages'
import { requireFormat } from '@emailauth/redis/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, sealSalted, unsealSalted } from '@emailauth/secrets/seal'
import { digestOf, type MessageName } from './message-name.ts'

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
const SALT_BYTES = 16
/** A record is kept for each mail, so its state is one letter and its time has the fewest digits. */
const LETTERS: Readonly<Record<MessageState, string>> = {
  ...{ queued: 'q', deferred: 'd', sent: 's', bounced: 'b', rejected: 'r', expired: 'e', dropped: 'x' },
}
const STATES: ReadonlyMap<unknown, MessageState> = new Map(
  Object.entries(LETTERS).map(([state, letter]) => [letter, state as MessageState]),
)
const TIME_RADIX = 36

/** Seals a record to its message. */
export function sealRecord(ring: KeyRing, name: MessageName, record: MessageRecord): Buffer {
  const { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId, relay, isUnanswered } = record
  const place = placeOf(providerId, reply)
  const [letter, updatedAt] = [LETTERS[state], Math.round(updatedAtMs).toString(TIME_RADIX)]
  const values: unknown[] = [letter, attempts, updatedAt, reply, relay ?? null, place, nextAttemptAtMs]
  if (isUnanswered) values.push(true)
  while (values.at(-1) === null) values.pop()
  return sealSalted(ring, sealContextOf(name), saltOf(name), Buffer.from(JSON.stringify(values)))
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
export function unsealRecord(ring: KeyRing, name: MessageName, sealed: Buffer): MessageRecord {
  const values = JSON.parse(unsealSalted(ring, sealContextOf(name), saltOf(name), sealed).toString())
  if (typeof values[0] === 'number') requireFormat(values[0], FORMAT, 'state of a mail')
  const [letter, attempts, updatedAt, reply = null, relay = null, place, nextAttemptAtMs = null] = values
  const isUnanswered = values[7]
  const state = STATES.get(letter)
  if (state === undefined) throw new Error('A stored state of a mail names no state.')
  const updatedAtMs = Number.parseInt(updatedAt, TIME_RADIX)
  const providerId = providerIdAt(place, reply)
  const record = { state, attempts, updatedAtMs, reply, nextAttemptAtMs, providerId, relay }
  return isUnanswered === true ? { ...record, isUnanswered } : record
}

/** Each message has its own, so that a nonce of 8 random bytes beside it is enough for all its records. */
function saltOf(name: MessageName): Buffer {
  return Buffer.from(digestOf(name), 'base64url').subarray(0, SALT_BYTES)
}

function sealContextOf({ identityId, messageId }: MessageName): SealContext {
  return { purpose: 'message', additionalData: `message ${identityId} ${messageId}` }
}
