import type { MessageRecord } from '../message-state/message-record.ts'

/** The record of a message after an attempt. A literal with all fields, because every mail makes one. */
export function endedRecord(
  state: MessageRecord['state'],
  attempts: number,
  updatedAtMs: number,
  reply: string | null,
  relay: string | null = null,
  providerId: string | null = null,
): MessageRecord {
  return { state, attempts, updatedAtMs, reply, nextAttemptAtMs: null, relay, providerId }
}
