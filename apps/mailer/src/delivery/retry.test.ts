import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import { createRetry } from './retry.ts'

const NOW_MS = 1_000_000
const request = aMessage()
let known: MessageRecord | undefined
let attempt: Promise<MessageRecord>
let attempts: number
let reported: string[]
let fullUntilMs: number | undefined
beforeEach(() => {
  vi.useFakeTimers()
  known = undefined
  attempts = 0
  reported = []
  fullUntilMs = undefined
})
afterEach(() => void vi.useRealTimers())

const retry = createRetry({
  store: { request: async () => request, find: async () => known },
  index: { forget: async () => {} },
  deliver: {
    now() {
      attempts++
      return attempt
    },
  },
  places: { fullUntilMs: () => fullUntilMs },
  outcomes: { add: async (_, state) => void reported.push(state) },
  byKey: { offer: () => expect.unreachable() },
  now: () => NOW_MS,
})

function record(state: MessageRecord['state'], nextAttemptAtMs: number | null = null): MessageRecord {
  return { state, attempts: 2, updatedAtMs: NOW_MS, reply: null, nextAttemptAtMs }
}

test('an attempt that takes long holds up no other job: the job comes back to look', async () => {
  attempt = new Promise(() => {})
  const ended = vi.fn()
  void retry(request, false).then(ended)
  await vi.advanceTimersByTimeAsync(4999)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(ended).toHaveBeenCalledWith({ againAtMs: NOW_MS + 2000, isLook: true })
})

test('a look makes no attempt while one is under way, nor before the next one is due', async () => {
  known = record('queued')
  expect(await retry(request, true)).toEqual({ againAtMs: NOW_MS + 2000, isLook: true })
  known = record('deferred', NOW_MS + 7000)
  expect(await retry(request, true)).toEqual({ againAtMs: NOW_MS + 7000 })
  expect(attempts).toBe(0)
  attempt = Promise.resolve(record('sent'))
  known = record('deferred', NOW_MS - 1)
  expect(await retry(request, true)).toBe('done')
  expect(reported).toEqual(['sent'])
})

test('a mail that its server may have taken waits for its time, also when it is promoted', async () => {
  known = { ...record('deferred', NOW_MS + 7000), isUnanswered: true }
  expect(await retry(request, false)).toEqual({ againAtMs: NOW_MS + 7000 })
  expect(attempts).toBe(0)
})

test('a job that comes before the outcome of its attempt is recorded comes back to look', async () => {
  const early = createRetry({
    store: { request: async () => undefined, find: async () => record('queued') },
    index: { forget: async () => expect.unreachable() },
    deliver: { now: () => expect.unreachable() },
    places: { fullUntilMs: () => expect.unreachable() },
    outcomes: { add: async () => expect.unreachable() },
    byKey: { offer: () => expect.unreachable() },
    now: () => NOW_MS,
  })
  expect(await early(request, false)).toEqual({ againAtMs: NOW_MS + 2000, isLook: true })
})

test('a message whose key is missing is offered to mailers that have it, and looked at again', async () => {
  const offered: unknown[] = []
  const withoutKey = createRetry({
    store: { request: async () => ({ missingKey: '01020304' }), find: async () => undefined },
    index: { forget: async () => expect.unreachable() },
    deliver: { now: () => expect.unreachable() },
    places: { fullUntilMs: () => expect.unreachable() },
    outcomes: { add: async () => expect.unreachable() },
    byKey: { offer: async (...offer) => void offered.push(offer) },
    now: () => NOW_MS,
  })
  expect(await withoutKey(request, false)).toEqual({ againAtMs: NOW_MS + 5000 })
  expect(offered).toEqual([['01020304', request.identityId]])
})

test('a job that is promoted tries before its time', async () => {
  known = record('deferred', NOW_MS + 7000)
  attempt = Promise.resolve(record('deferred', NOW_MS + 9000))
  expect(await retry(request, false)).toEqual({ againAtMs: NOW_MS + 9000 })
  expect(attempts).toBe(1)
})

test('without a place for its tenant a job waits for one, which is no attempt', async () => {
  fullUntilMs = NOW_MS + 1010
  expect(await retry(request, false)).toEqual({ againAtMs: NOW_MS + 1010 })
  expect(attempts).toBe(0)
  fullUntilMs = undefined
  attempt = Promise.resolve(record('sent'))
  expect(await retry(request, false)).toBe('done')
  expect(attempts).toBe(1)
})
