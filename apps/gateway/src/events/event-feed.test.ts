import type { Event } from '@emailauth/contracts/events'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LISTENERS_IN_ONE_TURN } from './event-channel.ts'
import { createEventFeed, LINGER_MS, MOST_CHANNELS } from './event-feed.ts'

const eventOf = (cursor: string) => ({ cursor, type: 'sent' }) as Event
const quiet = { warn() {}, info() {} }

function persistenceWith(events: readonly Event[], isOpen: Promise<void>) {
  return {
    events: async () => ({ events: [], hasMore: false, endCursor: null }),
    async *liveEvents(_scope: object, _after: string, signal: AbortSignal) {
      await isOpen
      yield* events
      await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
    },
  }
}

test('an event for many readers is handed out over many turns, in order and to each once', async () => {
  expect(LISTENERS_IN_ONE_TURN).toBe(50)
  let open = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  const feed = createEventFeed(persistenceWith([eventOf('1'), eventOf('2')], isOpen), quiet)
  let inThisTurn = 0
  let mostInOneTurn = 0
  const startTurn = () => {
    inThisTurn = 0
  }
  const seen = Array.from({ length: 1000 }, () => [] as string[])
  for (const cursors of seen) {
    const reader = feed.follow({ audit: false }, undefined)
    void (async () => {
      for await (const { cursor } of reader) {
        cursors.push(cursor)
        inThisTurn += 1
        mostInOneTurn = Math.max(mostInOneTurn, inThisTurn)
        if (inThisTurn === 1) setImmediate(startTurn)
      }
    })().catch(() => {})
  }
  open()
  await eventually(() => expect(seen.every((cursors) => cursors.length === 2)).toBe(true))
  expect(seen.every((cursors) => cursors.join() === '1,2')).toBe(true)
  expect(mostInOneTurn).toBeLessThanOrEqual(2 * LISTENERS_IN_ONE_TURN)
  feed.close()
})

test('so many tenants can be followed, and one that is left makes room', async () => {
  expect(MOST_CHANNELS).toBe(500)
  const feed = createEventFeed(persistenceWith([], new Promise(() => {})), quiet)
  const readers = Array.from({ length: MOST_CHANNELS }, (_, at) =>
    feed.follow({ tenantId: `t${at}`, audit: false }, undefined),
  )
  const another = () => feed.follow({ tenantId: 'more', audit: false }, undefined)
  expect(another).toThrow('Too many tenants')
  expect(() => feed.follow({ tenantId: 't0', audit: false }, undefined)).not.toThrow()
  await readers[1]?.return?.()
  expect(another).not.toThrow()
  feed.close()
})

test('a channel stays open for a second after its last reader, so who comes again opens no other', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  expect(LINGER_MS).toBe(1000)
  const opened: AbortSignal[] = []
  const persistence = {
    ...persistenceWith([], Promise.resolve()),
    async *liveEvents(_scope: object, _after: string, signal: AbortSignal) {
      opened.push(signal)
      await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
    },
  }
  const feed = createEventFeed(persistence, quiet)
  const ends = () => opened.map(({ aborted }) => aborted)
  for (let times = 0; times < 100; times++) {
    const reader = feed.follow({ tenantId: 'a', audit: false }, undefined)
    await vi.advanceTimersByTimeAsync(1)
    await reader.return?.()
    await vi.advanceTimersByTimeAsync(998)
  }
  expect(ends()).toEqual([false])
  await vi.advanceTimersByTimeAsync(1)
  expect(ends()).toEqual([false])
  await vi.advanceTimersByTimeAsync(1)
  expect(ends()).toEqual([true])
  const last = feed.follow({ tenantId: 'a', audit: false }, undefined)
  await vi.advanceTimersByTimeAsync(5000)
  expect(ends()).toEqual([true, false])
  // Connections that other files left open have timers too.
  const others = vi.getTimerCount()
  await last.return?.()
  expect(vi.getTimerCount()).toBe(others + 1)
  feed.close()
  expect(ends()).toEqual([true, true])
  expect(vi.getTimerCount()).toBe(others)
})

test('a persistence that is gone is one line of the log, however many tenants are followed', async () => {
  let asked = 0
  const gone = async () => {
    asked += 1
    throw new Error('gone')
  }
  const lines: unknown[] = []
  const logger = { ...quiet, warn: (...line: unknown[]) => void lines.push(line) }
  const feed = createEventFeed({ ...persistenceWith([], new Promise(() => {})), events: gone }, logger)
  for (const tenantId of ['a', 'b', 'c']) feed.follow({ tenantId, audit: false }, undefined)
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(9))
  feed.close()
  expect(lines).toEqual([
    [expect.objectContaining({ moreSinceLastLine: 0 }), expect.stringContaining('once persistence answers')],
  ])
})

test('a reader that is 5,000 events behind still gets them all; with one more it is cut off', async () => {
  for (const count of [5000, 5001]) {
    const events = Array.from({ length: count }, (_, at) => eventOf(String(at + 1).padStart(5, '0')))
    let handed = 0
    const persistence = {
      ...persistenceWith([], Promise.resolve()),
      async *liveEvents(_scope: object, _after: string, signal: AbortSignal) {
        for (const event of events) {
          yield event
          handed += 1
        }
        await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
      },
    }
    const feed = createEventFeed(persistence, quiet)
    const slow = feed.follow({ audit: false }, undefined)
    // A second client follows too, so that the events go on where the first one is cut off.
    const other = feed.follow({ audit: false }, undefined)
    void (async () => {
      for await (const _ of other);
    })().catch(() => {})
    await eventually(() => expect(handed).toBe(count))
    const first = slow.next()
    if (count === 5000) await expect(first).resolves.toMatchObject({ value: { cursor: '00001' } })
    else await expect(first).rejects.toThrow()
    feed.close()
  }
})

test('what fails is done again after 125 to 250 ms; a page that lacks an event, 50 times after 100 ms', async () => {
  const pauses: number[] = []
  const asked: unknown[] = []
  let faults = 2
  const persistence = {
    ...persistenceWith([], new Promise(() => {})),
    async events(query: object) {
      if (faults-- > 0) throw new Error('gone')
      asked.push(query)
      // The first look finds where the events stand; the pages before it never come.
      return asked.length === 1
        ? { events: [eventOf('9')], hasMore: false, endCursor: '9' }
        : { events: [], hasMore: false, endCursor: null }
    },
  }
  const feed = createEventFeed(persistence, quiet, async (ms) => void pauses.push(ms ?? 0) as never)
  feed.follow({ audit: false }, '1')
  await eventually(() => expect(pauses).toHaveLength(52))
  for (const pause of pauses.splice(0, 2)) {
    expect(pause).toBeGreaterThanOrEqual(125)
    expect(pause).toBeLessThanOrEqual(250)
  }
  expect(pauses).toEqual(Array.from({ length: 50 }, () => 100))
  expect(asked.slice(0, 2)).toEqual([
    { audit: false, first: 1 },
    { audit: false, first: 200, after: '1' },
  ])
  expect(asked).toHaveLength(51)
  feed.close()
})
