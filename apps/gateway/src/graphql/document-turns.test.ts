import { ProblemError } from '@emailauth/service/problem-error'
import { expect, test } from 'vitest'
import type { Caller } from '../access/caller.ts'
import { createDocumentTurns, HELD_MS, MOST_WAIT_MS, SAVED_MS, SHARE, WAITING } from './document-turns.ts'

const tenant = (tenantId: string): Caller => ({ scope: 'tenant', apiKeyId: `ak_${tenantId}`, tenantId })
const [busy, other] = [tenant('busy'), tenant('other')]

/** A clock that stands still until it is moved, and calls back then. */
function startTurns() {
  let nowMs = 1000
  let timers: { readonly atMs: number; readonly then: () => void }[] = []
  const turns = createDocumentTurns({
    now: () => nowMs,
    after: (ms, then) => void timers.push({ atMs: nowMs + ms, then }),
  })
  const begun: string[] = []
  const refused: string[] = []
  return {
    turns,
    begun,
    refused,
    /** Asks for a document that takes so many milliseconds once it is its turn. */
    async ask(caller: Caller | undefined, name: string, tookMs = 0) {
      try {
        await turns.begin(caller)
        begun.push(name)
        turns.spent(tookMs)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        refused.push(name)
      }
    },
    async pass(ms: number) {
      // What has begun at once goes first, as it does before a next turn of the event loop.
      await Promise.resolve()
      for (const endMs = nowMs + ms; nowMs <= endMs; nowMs++) {
        for (let due = timers; due.length > 0; ) {
          due = timers.filter(({ atMs }) => atMs <= nowMs)
          timers = timers.filter(({ atMs }) => atMs > nowMs)
          for (const { then } of due) then()
          await Promise.resolve()
          await Promise.resolve()
        }
      }
    },
  }
}

test('one document at a time begins, and holds the next one for 50 ms if it is not parsed', async () => {
  const { turns, ask, pass, begun } = startTurns()
  expect(turns.begin(busy)).toBeUndefined()
  void ask(busy, 'second')
  await pass(48)
  expect([begun, HELD_MS]).toEqual([[], 50])
  await pass(5)
  expect(begun).toEqual(['second'])
  void turns.begin(busy)
  void ask(busy, 'third')
  turns.spent(1)
  await pass(0)
  expect(begun).toEqual(['second', 'third'])
})

test('new documents get a quarter of the time, and 100 ms at once after a rest', async () => {
  expect([SHARE, SAVED_MS]).toEqual([0.25, 100])
  const { ask, pass, begun } = startTurns()
  for (let at = 0; at < 100; at++) void ask(busy, 'busy', 10)
  await pass(0)
  expect(begun).toHaveLength(10)
  await pass(400)
  expect(begun.length).toBeGreaterThanOrEqual(19)
  expect(begun.length).toBeLessThanOrEqual(21)
  await pass(10_000)
  const before = begun.length
  for (let at = 0; at < 100; at++) void ask(busy, 'busy', 10)
  await pass(0)
  expect(begun.length - before).toBe(10)
})

test('tenants take turns, admins and strangers too', async () => {
  const { ask, pass, begun } = startTurns()
  for (let at = 0; at < 150; at++) void ask(busy, 'busy', 10)
  await pass(50)
  const before = begun.length
  void ask(other, 'other', 10)
  void ask({ scope: 'admin', apiKeyId: 'ak_admin' }, 'admin', 10)
  void ask(undefined, 'stranger', 10)
  void ask(undefined, 'stranger', 10)
  await pass(400)
  expect(begun.slice(before, before + 7).filter((name) => name !== 'busy')).toEqual([
    'other',
    'admin',
    'stranger',
    'stranger',
  ])
})

test('a document that took very long keeps others waiting for 400 ms at most', async () => {
  const { ask, pass, begun } = startTurns()
  void ask(busy, 'busy', 10_000)
  await pass(0)
  void ask(other, 'other')
  await pass(390)
  expect(begun).toEqual(['busy'])
  await pass(20)
  expect(begun).toEqual(['busy', 'other'])
})

test('200 of a tenant may wait, 1,000 in all, for two seconds', async () => {
  expect([WAITING, MOST_WAIT_MS]).toEqual([{ ofOne: 200, inAll: 1000 }, 2000])
  const { ask, pass, begun, refused } = startTurns()
  // The first one begins at once.
  for (let at = 0; at < 202; at++) void ask(busy, 'busy', 1000)
  for (let at = 0; at < 850; at++) void ask(tenant(`t${at}`), 'another', 1000)
  await pass(0)
  const count = (names: readonly string[], name: string) => names.filter((one) => one === name).length
  expect([count(refused, 'busy'), count(refused, 'another')]).toEqual([1, 50])
  // Each has used up the time of 400 ms.
  await pass(1990)
  expect([begun.length, refused.length]).toEqual([5, 51])
  await pass(500)
  expect(begun.length + refused.length).toBe(1052)
  expect(begun.length).toBeLessThanOrEqual(6)
  void ask(busy, 'later')
  await pass(500)
  expect(begun.at(-1)).toBe('later')
})
