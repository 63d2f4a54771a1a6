import type { MessageRecord } from '../message-state/message-record.ts'

interface Ended extends Pick<MessageRecord, 'state' | 'attempts' | 'updatedAtMs' | 'reply'> {
  readonly relay?: string | null | undefined
  readonly providerId?: string | null
}

/** The record of a message after an attempt. A literal with all fields, because every mail makes one. */
export function endedRecord({
  state,
  attempts,
  updatedAtMs,
  reply,
  relay = null,
  providerId = null,
}: Ended): MessageRecord {
  return { state, attempts, updatedAtMs, reply, nextAttemptAtMs: null, relay, providerId }
}
