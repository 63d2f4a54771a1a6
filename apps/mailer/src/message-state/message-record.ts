import { type MessageState, messageState } from '@emailauth/contracts/messages'
import { requireFormat } from '@emailauth/redis/rules/json-record'
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

// A record is kept for each mail that was sent, so it is packed. Integers are big-endian, the time is ms
// since 1970:
//   code of `sent` 1 byte | what it has 1 | attempts 2 | updatedAt 6
//   | start of the provider's id in the reply 2, its length 1 | length of the provider's id 2, that id
//   | length of the relay 2, relay | reply
// All after updatedAt is there only if the record has it. An id that is in the reply is not written.
// All other records are JSON, an array that begins with the code of its state. A version that does not read
// packed ones still sends what was deferred.
const HAS = { position: 2, providerId: 4, relay: 8, reply: 16 } as const
const HEAD_BYTES = 10
const JSON_BEGIN = '['.charCodeAt(0)
const JSON_FORMAT = 1
const TIME_RADIX = 36
const MOST_START = 0xffff
const MOST_LENGTH = 0xff
const SALT_BYTES = 16
const STATE_CODES: Readonly<Record<MessageState, string>> = {
  ...{ queued: 'q', deferred: 'd', sent: 's', bounced: 'b', rejected: 'r', expired: 'e', dropped: 'x' },
}
const STATES: ReadonlyMap<unknown, MessageState> = new Map(
  messageState.options.map((state) => [STATE_CODES[state], state]),
)

/** Seals a record to its message. */
export function sealRecord(ring: KeyRing, name: MessageName, record: MessageRecord): Buffer {
  const written = record.state === 'sent' ? packSent(record) : Buffer.from(writeJson(record))
  return sealSalted(ring, sealContextOf(name), saltOf(name), written)
}

/**
 * @throws {UnsealError} when it was sealed for other data or altered, or its key has left the ring
 * @throws {Error} when a newer version wrote it. Then nobody knows whether the mail was sent.
 */
export function unsealRecord(ring: KeyRing, name: MessageName, sealed: Buffer): MessageRecord {
  const packed = unsealSalted(ring, sealContextOf(name), saltOf(name), sealed)
  return packed[0] === JSON_BEGIN ? readJson(packed.toString()) : unpackSent(packed)
}

function packSent(record: MessageRecord): Buffer {
  const { attempts, updatedAtMs } = record
  const [reply, relay, providerId] = [record.reply, record.relay ?? null, record.providerId || null]
  const start = providerId === null ? -1 : (reply?.indexOf(providerId) ?? -1)
  const isInReply =
    providerId !== null && start >= 0 && start <= MOST_START && providerId.length <= MOST_LENGTH
  const apart = isInReply ? null : providerId
  // 7: the id's position, and the lengths of two texts.
  const size = HEAD_BYTES + 7 + bytesOf(apart) + bytesOf(relay) + bytesOf(reply)
  const packed = Buffer.allocUnsafe(size)
  packed.write(STATE_CODES.sent, 0, 'latin1')
  packed[1] =
    (isInReply ? HAS.position : 0) +
    (apart === null ? 0 : HAS.providerId) +
    (relay === null ? 0 : HAS.relay) +
    (reply === null ? 0 : HAS.reply)
  packed.writeUInt16BE(attempts, 2)
  let at = packed.writeUIntBE(Math.round(updatedAtMs), 4, 6)
  if (isInReply) at = packed.writeUInt8(providerId.length, packed.writeUInt16BE(start, at))
  for (const text of [apart, relay]) {
    if (text === null) continue
    const length = packed.write(text, at + 2)
    at = packed.writeUInt16BE(length, at) + length
  }
  if (reply !== null) at += packed.write(reply, at)
  return packed.subarray(0, at)
}

function bytesOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text)
}

function unpackSent(packed: Buffer): MessageRecord {
  const has = packed.readUInt8(1)
  let at = HEAD_BYTES
  const text = () => {
    const from = at + 2
    at = from + packed.readUInt16BE(at)
    return packed.toString('utf8', from, at)
  }
  const position = has & HAS.position ? [packed.readUInt16BE(at), packed.readUInt8(at + 2)] : null
  if (position !== null) at += 3
  const apart = has & HAS.providerId ? text() : null
  const relay = has & HAS.relay ? text() : null
  const reply = has & HAS.reply ? packed.toString('utf8', at) : null
  return {
    state: stateOf(packed.toString('latin1', 0, 1)),
    attempts: packed.readUInt16BE(2),
    updatedAtMs: packed.readUIntBE(4, 6),
    reply,
    nextAttemptAtMs: null,
    providerId: position === null ? apart : idAt(position, reply),
    relay,
  }
}

function writeJson(record: MessageRecord): string {
  const { state, attempts, updatedAtMs, reply, nextAttemptAtMs, relay, isUnanswered } = record
  const updatedAt = Math.round(updatedAtMs).toString(TIME_RADIX)
  const providerId = record.providerId || null
  const start = providerId === null ? -1 : (reply?.indexOf(providerId) ?? -1)
  const position = providerId !== null && start >= 0 ? [start, providerId.length] : providerId
  const values: unknown[] = [
    STATE_CODES[state],
    attempts,
    updatedAt,
    reply,
    relay ?? null,
    position,
    nextAttemptAtMs,
  ]
  if (isUnanswered) values.push(true)
  while (values.at(-1) === null) values.pop()
  return JSON.stringify(values)
}

function readJson(json: string): MessageRecord {
  const values = JSON.parse(json)
  if (typeof values[0] === 'number') requireFormat(values[0], JSON_FORMAT, 'state of a mail')
  const [code, attempts, updatedAt, reply = null, relay = null, position, nextAttemptAtMs = null] = values
  return {
    state: stateOf(code),
    attempts,
    updatedAtMs: Number.parseInt(updatedAt, TIME_RADIX),
    reply,
    nextAttemptAtMs,
    providerId: Array.isArray(position) ? idAt(position, reply) : (position ?? null),
    relay,
    ...(values[7] === true ? { isUnanswered: true } : {}),
  }
}

function stateOf(code: unknown): MessageState {
  const state = STATES.get(code)
  if (state === undefined) throw new Error('A stored state of a mail names no state.')
  return state
}

function idAt([start = 0, length = 0]: readonly number[], reply: string | null): string | null {
  return reply?.slice(start, start + length) ?? null
}

/** Each message has its own, so that a nonce of 8 random bytes beside it is enough for all its records. */
function saltOf(name: MessageName): Buffer {
  return Buffer.from(digestOf(name), 'base64url').subarray(0, SALT_BYTES)
}

function sealContextOf({ identityId, messageId }: MessageName): SealContext {
  return { purpose: 'message', additionalData: `message ${identityId} ${messageId}` }
}
