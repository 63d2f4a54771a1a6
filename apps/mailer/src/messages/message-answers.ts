import type { Message, MessageResult } from '@emailauth/contracts/messages'
import { toProblem } from '@emailauth/contracts/problems'
import type { MessageRecord } from '../delivery/message-record.ts'
import type { MessageName } from '../delivery/message-store.ts'

/** When a caller may try again after a temporary failure. */
export const RETRY_AFTER_SECONDS = 5

/** A record as the contract shows it. */
export function toMessage({ identityId, messageId }: MessageName, record: MessageRecord): Message {
  return {
    messageId,
    identityId,
    state: record.state,
    attempts: record.attempts,
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    nextAttemptAt: null,
    reply: record.reply,
  }
}

/** How a delivery is answered: a refusal for good and a failure that passes are problems, all else is the message. */
export function toMessageResult(name: MessageName, record: MessageRecord): MessageResult {
  if (record.state === 'rejected') {
    const problem = toProblem(
      'email-rejected',
      'The mail server of this address refused the mail for good.',
      {
        field: 'email',
      },
    )
    return { problem }
  }
  if (record.state === 'deferred' || record.state === 'queued') {
    const problem = toProblem('unavailable', 'The mail could not be handed over now; try again soon.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    })
    return { problem }
  }
  return { message: toMessage(name, record) }
}
