import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Owner } from '../access/owner.ts'
import { type CountedSocket, createSocketCounts, SOCKET_LIMITS } from './socket-limits.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Sockets without subscriptions at the moment, of the tenant, key or session of this id. */
function openSockets(count: number, kind: Owner['kind'], id: string) {
  const counts = createSocketCounts(SOCKET_LIMITS)
  const sockets = Array.from(
    { length: count },
    (): CountedSocket => ({ ip: '192.0.2.1', subscriptions: () => 0 }),
  )
  for (const socket of sockets) {
    counts.open(socket)
    counts.own(socket, { kind, id })
  }
  const another: CountedSocket = { ip: '192.0.2.2', subscriptions: () => 0 }
  counts.open(another)
  counts.own(another, { kind, id: `not ${id}` })
  /** How many times one of the sockets, in turn, is let do something. */
  const timesOf = (may: (socket: CountedSocket) => boolean) => {
    let times = 0
    for (; times < 5000; times++) {
      const socket = sockets[times % count]
      if (socket === undefined || !may(socket)) break
    }
    return times
  }
  return { counts, another, timesOf }
}

test.each(['tenant', 'key', 'session'] as const)(
  'all sockets of one %s share its messages, others have theirs',
  (kind) => {
    const { counts, another, timesOf } = openSockets(10, kind, 'one')
    const send = () => timesOf((socket) => !counts.isFlooding(socket))
    expect(send()).toBe(1000)
    expect(counts.isFlooding(another)).toBe(false)
    vi.advanceTimersByTime(1000)
    expect(send()).toBe(100)
  },
)

test('a socket whose owner is not known yet is bounded by itself', () => {
  const { timesOf, counts } = openSockets(1, 'key', 'one')
  const stranger: CountedSocket = { ip: '192.0.2.3', subscriptions: () => 0 }
  expect(timesOf(() => !counts.isFlooding(stranger))).toBe(5000)
})

test('subscriptions that begin and end at once are bounded for all sockets of a tenant', () => {
  const { counts, another, timesOf } = openSockets(10, 'tenant', 'one')
  const begin = () => timesOf((socket) => counts.subscribed(socket) === undefined)
  expect(begin()).toBe(800)
  expect(
    timesOf(
      (socket) =>
        counts.subscribed(socket)?.message.includes('too many subscriptions; try again in 1 s') !== true,
    ),
  ).toBe(0)
  expect(counts.subscribed(another)).toBeUndefined()
  vi.advanceTimersByTime(1000)
  expect(begin()).toBe(20)
})
