import type { Message, MessageResult } from '@emailauth/contracts/messages'
import { MAIL_REFUSED, toProblem } from '@emailauth/contracts/problems'
import type { MessageName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import { reasonOf, SUPPRESSED } from '../message-state/reason-of.ts'

/** Converts a record to the contract's shape. */
export function toMessage({ identityId, messageId }: MessageName, record: MessageRecord): Message {
  const reason = reasonOf(record)
  const message = {
    messageId,
    identityId,
    state: record.state,
    attempts: record.attempts,
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    nextAttemptAt: record.nextAttemptAtMs === null ? null : new Date(record.nextAttemptAtMs).toISOString(),
    reply: record.reply,
    providerId: record.providerId ?? null,
    relay: record.relay ?? null,
  }
  return reason === undefined ? message : { ...message, reason }
}

/** Converts the state after a send: a final refusal becomes a problem, a deferred message is `queued`. */
export function toMessageResult(name: MessageName, record: MessageRecord): MessageResult {
  if (record.state === 'rejected') {
    const suppressed = record.reply?.startsWith(SUPPRESSED) === true
    const detail = suppressed
      ? 'Mails to this address came back, so none is sent to it any more.'
      : MAIL_REFUSED
    const refusedBy = { relay: record.relay ?? null, reply: record.reply, reason: reasonOf(record) }
    return { problem: toProblem('email-rejected', detail, { field: 'email' }), refusedBy }
  }
  const message = toMessage(name, record)
  return { message: record.state === 'deferred' ? { ...message, state: 'queued' } : message }
}

/** The result when the wait ends before the first attempt does. */
export function toUnderWay(name: MessageName, nowMs: number): MessageResult {
  const record = {
    state: 'queued',
    attempts: 1,
    updatedAtMs: nowMs,
    reply: null,
    nextAttemptAtMs: null,
  } as const
  return { message: { ...toMessage(name, record), reason: 'slow' } }
}
