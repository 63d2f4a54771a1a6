import { setTimeout as wait } from 'node:timers/promises'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'

export interface OthersAttemptOptions {
  readonly store: Pick<MessageStore, 'find'>
  /** Unix milliseconds. */
  readonly now: () => number
}

/** Waits for another mailer's attempt. Undefined when that mailer died in it. */
export async function othersAttempt(
  request: MessageRequest,
  attemptsSoFar: number,
  giveUpAtMs: number,
  { store, now }: OthersAttemptOptions,
): Promise<MessageRecord | undefined> {
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, 250)) {
    const record = await store.find(request)
    if (record === undefined || (record.state === 'deferred' && record.attempts < attemptsSoFar))
      return undefined
    if (record.state === 'deferred' && record.nextAttemptAtMs === null) return undefined
    if (record.state !== 'queued' || now() >= giveUpAtMs) return record
    await wait(pauseMs)
  }
}
