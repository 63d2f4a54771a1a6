import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createFairTurns,
  MOST_UNDER_WAY,
  MOST_WAIT_MS,
  ROUND_MS,
  SHARES_FOR_MS,
  type Turn,
} from './fair-turns.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Turns by the fake clock, and who has begun. */
function watched(most?: number) {
  const turns = createFairTurns({ now: () => Date.now(), ...(most === undefined ? {} : { most }) })
  const begun: string[] = []
  const open: Turn[] = []
  const refused: string[] = []
  const call = (tenantId: string) => {
    const turn = turns.begin(tenantId)
    const note = (one: Turn) => {
      begun.push(tenantId)
      open.push(one)
    }
    if (turn instanceof Promise) turn.then(note, (error: Error) => refused.push(error.message))
    else note(turn)
  }
  const many = (tenantId: string, count: number) => {
    for (let i = 0; i < count; i++) call(tenantId)
  }
  const end = async (count = 1) => {
    for (const turn of open.splice(0, count)) turns.end(turn)
    await vi.advanceTimersByTimeAsync(0)
  }
  /** All that are under way have come to their mail. */
  const mail = () => open.splice(0, open.length, ...open.map((turn) => turns.mails(turn)))
  const count = (tenantId: string) => begun.filter((each) => each === tenantId).length
  return { turns, call, many, end, mail, begun, count, open, refused }
}

test('a tenant that is alone never waits', () => {
  const { many, begun } = watched(4)
  many('greedy', 1000)
  expect(begun).toHaveLength(1000)
})

test('beside another a tenant waits when much is under way, and the other does not', async () => {
  const { call, many, begun, count, end } = watched(4)
  call('small')
  many('greedy', 100)
  expect(begun).toHaveLength(4)
  call('small')
  expect(count('small')).toBe(2)
  // Two of theirs end, and the number under way is that of before.
  await end(2)
  expect(begun).toHaveLength(6)
})

test('those that wait take turns, in any order of coming and with any number of calls', async () => {
  const { many, begun, end } = watched(3)
  many('a', 1)
  many('b', 50)
  many('c', 50)
  many('a', 50)
  const before = begun.length
  for (let i = 0; i < 30; i++) await end()
  const since = begun.slice(before)
  for (const tenant of ['a', 'b', 'c']) {
    expect(since.filter((each) => each === tenant).length).toBeGreaterThanOrEqual(9)
    expect(since.filter((each) => each === tenant).length).toBeLessThanOrEqual(11)
  }
})

test('as many calls as the services take are under way by default', () => {
  const { call, many, begun } = watched()
  call('small')
  many('greedy', 1000)
  expect(begun).toHaveLength(MOST_UNDER_WAY)
  expect(MOST_UNDER_WAY).toBe(64)
})

test('calls that hang count no more after two rounds, so that nobody waits for them', async () => {
  const { call, many, begun } = watched(4)
  call('small')
  many('hanging', 100)
  expect(begun).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(ROUND_MS - 1)
  expect(begun).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(ROUND_MS + 1)
  expect(begun).toHaveLength(8)
  expect(ROUND_MS).toBe(50)
})

test('a call that mails counts until the next round, so that a slow relay keeps nobody waiting', async () => {
  const { call, many, begun, open, mail, end } = watched(4)
  call('small')
  many('slow relay', 100)
  mail()
  expect(begun).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(ROUND_MS)
  expect(begun).toHaveLength(8)
  // The first four have ended for the others already.
  await end(4)
  expect(begun).toHaveLength(8)
  mail()
  await end(2)
  expect(begun).toHaveLength(10)
  expect(open).toHaveLength(4)
})

test('calls that wait are counted', async () => {
  const { call, many, turns, end } = watched(4)
  expect(turns.waiting).toBe(0)
  call('small')
  many('greedy', 100)
  expect(turns.waiting).toBe(97)
  await end(2)
  expect(turns.waiting).toBe(95)
})

test('an end that comes when its call counts no more changes nothing', async () => {
  const { call, many, begun, end } = watched(2)
  call('small')
  many('greedy', 100)
  await vi.advanceTimersByTimeAsync(3 * ROUND_MS)
  const before = begun.length
  await end(2)
  expect(begun).toHaveLength(before)
})

test('a tenant that has been away is no reason to wait', async () => {
  const { call, many, begun, end } = watched(4)
  call('small')
  await end()
  vi.setSystemTime(Date.now() + SHARES_FOR_MS - 1)
  many('greedy', 10)
  expect(begun).toHaveLength(5)
  await vi.advanceTimersByTimeAsync(ROUND_MS)
  expect(begun).toHaveLength(11)
  expect(SHARES_FOR_MS).toBe(1000)
})

test('who waits too long is refused, and nothing was done', async () => {
  const { call, many, begun, refused, open, end } = watched(1)
  call('small')
  const steady = setInterval(() => call('small'), 50)
  many('greedy', 500)
  await vi.advanceTimersByTimeAsync(MOST_WAIT_MS - 1)
  expect(refused).toEqual([])
  await vi.advanceTimersByTimeAsync(ROUND_MS)
  clearInterval(steady)
  expect(refused.length).toBeGreaterThan(100)
  expect(refused[0]).toMatch(/Too many calls/)
  expect(MOST_WAIT_MS).toBe(2000)
  await end(open.length)
  expect(begun.length + refused.length).toBeGreaterThan(500)
})

test('no timer is left when nobody waits', async () => {
  const { call, many, open, end } = watched(2)
  call('small')
  many('greedy', 3)
  while (open.length > 0) await end(open.length)
  await vi.advanceTimersByTimeAsync(ROUND_MS)
  expect(vi.getTimerCount()).toBe(0)
})
