import { skipPauses } from '@emailauth/testing/pauses'
import { expect, onTestFinished, test, vi } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { Claim } from '../message-state/message-store.ts'
import { createDeliver } from './deliver.ts'
import type { SentMessage } from './send-message.ts'

// How long delivering waits for what others do, on a clock that the test moves.

const record = (changes: Partial<MessageRecord>): MessageRecord => ({
  state: 'queued',
  attempts: 1,
  updatedAtMs: 0,
  reply: null,
  nextAttemptAtMs: null,
  ...changes,
})

/** Delivering beside a store that answers so, and what was asked of it. */
function delivering(
  claims: readonly Claim[],
  sent: Partial<SentMessage> = {},
  isRecorded = true,
  found: MessageRecord | null = record({}),
) {
  const clock = { ms: Date.now() }
  const asked = {
    claims: [] as boolean[],
    finds: 0,
    rests: 0,
    queuedAtMs: [] as number[],
    stops: [] as number[],
  }
  const deliver = createDeliver({
    store: {
      claim: async (_name: unknown, _expiresAtMs: number, again: boolean) => {
        asked.claims.push(again)
        return claims[asked.claims.length - 1] ?? claims.at(-1)
      },
      find: async () => {
        asked.finds += 1
        clock.ms += 5000
        return found ?? undefined
      },
      renew: async () => true,
      keep: async () => true,
      rest: async () => {
        asked.rests += 1
      },
    } as never,
    outcomes: {
      record: async () => isRecorded,
      kept: () => undefined,
      size: 0,
      stop: async (withinMs) => void asked.stops.push(withinMs),
    },
    queue: { add: async (_request, atMs) => void asked.queuedAtMs.push(atMs) },
    handOver: async () => ({ outcome: 'sent', reply: null, providerId: null, ...sent }) as SentMessage,
    suppressions: { reason: async () => undefined },
    metrics: { attempted: () => {} } as never,
    logger: undefined,
    now: () => clock.ms,
  })
  return { deliver, clock, asked }
}

test('a call waits 20 s for the attempt of another mailer', async () => {
  const { deliver, asked } = delivering([{ kind: 'taken', attempt: 1 }])
  expect(await deliver.now(aMessage())).toMatchObject({ state: 'queued' })
  expect(asked.finds).toBe(4)
})

test('a claim that is over by our clock and not by the one of Redis is asked for again after 50 ms', async () => {
  const pauses = skipPauses()
  const taken = { kind: 'taken', attempt: 1 } as const
  const { deliver, asked } = delivering([taken, taken, taken, { kind: 'dropped' }], {}, true, null)
  expect(await deliver.now(aMessage())).toMatchObject({ state: 'dropped' })
  expect(asked.claims).toHaveLength(4)
  expect(pauses).toEqual([50, 50, 50])
})

test('a message whose number has expired is not tried, so it has no further attempt', async () => {
  const { deliver, clock } = delivering([{ kind: 'claimed', attempt: 3 }])
  const late = aMessage({ expiresAt: new Date(clock.ms - 1).toISOString() })
  expect(await deliver.now(late)).toMatchObject({ state: 'expired', attempts: 2 })
})

test('a mailer is idle 50 ms after its last message', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { deliver, asked } = delivering([{ kind: 'claimed', attempt: 1 }])
  await deliver.now(aMessage())
  vi.advanceTimersByTime(49)
  expect(asked.rests).toBe(0)
  vi.advanceTimersByTime(1)
  expect(asked.rests).toBe(1)
})

test('a mail that a relay took and did not answer for goes again after a minute', async () => {
  const { deliver, clock, asked } = delivering([{ kind: 'claimed', attempt: 1 }], {
    outcome: 'deferred',
    unanswered: true,
  })
  const ended = await deliver.now(aMessage())
  expect(ended).toMatchObject({ state: 'deferred', nextAttemptAtMs: clock.ms + 60_000, isUnanswered: true })
  expect(asked.queuedAtMs).toEqual([clock.ms + 60_000])
})

test('a retry that is 15 s late was lost with its queue, and the next call makes it', async () => {
  for (const [lateMs, claims] of [
    [14_999, [false]],
    [15_000, [false, true]],
  ] as const) {
    const at = Date.now()
    const waiting = record({ state: 'deferred', nextAttemptAtMs: at })
    const { deliver, clock, asked } = delivering([
      { kind: 'deferred', record: waiting },
      { kind: 'claimed', attempt: 2 },
    ])
    clock.ms = at + lateMs
    await deliver.now(aMessage())
    expect(asked.claims).toEqual(claims)
  }
})

test('a deferral that Redis does not have is promised to no caller; other outcomes are answered', async () => {
  const claims = [{ kind: 'claimed', attempt: 1 }] as const
  await expect(delivering(claims, { outcome: 'deferred' }, false).deliver.now(aMessage())).rejects.toThrow(
    'not in Redis',
  )
  // The job of a retry comes again.
  const retry = delivering(claims, { outcome: 'deferred' }, false).deliver.now(aMessage(), true)
  expect(await retry).toMatchObject({ state: 'deferred' })
  expect(await delivering(claims, {}, false).deliver.now(aMessage())).toMatchObject({ state: 'sent' })
})

test('closing gives outcomes 2 s to be recorded', async () => {
  const { deliver, asked } = delivering([{ kind: 'claimed', attempt: 1 }])
  await deliver.drain(1000)
  expect(asked.stops).toEqual([2000])
})
