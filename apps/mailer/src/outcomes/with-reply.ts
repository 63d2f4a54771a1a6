import { cutText } from '@emailauth/contracts/cut-text'
import { EVENT_REPLY_MAX_LENGTH } from '@emailauth/contracts/events'
import type { Outcome } from '@emailauth/contracts/outcomes'
import type { MessageStore } from '../message-state/message-store.ts'
import { reasonOf } from '../message-state/reason-of.ts'

/** Adds the relay, its reply and the reason's class, while the message's state is kept. */
export async function withReply(outcome: Outcome, store: Pick<MessageStore, 'find'>): Promise<Outcome> {
  const record = await store.find(outcome)
  if (record?.state !== outcome.state) return outcome
  const { relay, reply } = record
  const reason = reasonOf(record)
  return {
    ...outcome,
    ...(relay ? { relay } : {}),
    ...(reply ? { reply: cutText(reply, EVENT_REPLY_MAX_LENGTH) } : {}),
    ...(reason ? { reason } : {}),
  }
}
