import { createScheduler } from '@emailauth/service/tasks/scheduler'
import { AT_REST_MS } from '@emailauth/service/timing/aligned-timer'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LEASE_MS } from '../message-state/leases.ts'
import { takeOverOrphans } from './orphans.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a Redis that is gone for half a minute is one line of the log, and its return another', async () => {
  const lines: string[] = []
  let isGone = true
  const index = {
    firstLeaseEndMs: async () => {
      if (isGone) throw new Error('Connection is closed.')
      return undefined
    },
    orphans: async () => [],
    forget: async () => {},
  }
  const logger = {
    warn: (_fields: object, text: string) => lines.push(text),
    info: (text: string) => lines.push(text),
  }
  const queue = { add: async () => {} }
  const metrics = { tookOver: () => {} }
  const scheduler = createScheduler({ logger: logger as never })
  scheduler.add(takeOverOrphans({ index, queue, metrics, now: Date.now }))
  await vi.advanceTimersByTimeAsync(30_000)
  isGone = false
  await vi.advanceTimersByTimeAsync(5000)
  await scheduler.close()
  expect(lines).toEqual([
    expect.stringContaining('messages of dead mailers cannot be looked for'),
    expect.stringContaining('looked for again'),
  ])
})

test('each second 200 messages of dead mailers are queued again', async () => {
  const most: number[] = []
  const index = {
    firstLeaseEndMs: async () => Date.now() - 1,
    orphans: async (count: number) => {
      most.push(count)
      return []
    },
    forget: async () => {},
  }
  const metrics = { tookOver: () => {} }
  const scheduler = createScheduler({ logger: undefined })
  scheduler.add(takeOverOrphans({ index, queue: { add: async () => {} }, metrics, now: Date.now }))
  await vi.advanceTimersByTimeAsync(60_000)
  await scheduler.close()
  expect(new Set(most)).toEqual(new Set([200]))
  expect(most.length).toBeGreaterThan(40)
  expect(most.length).toBeLessThan(80)
})

/** A list with the leases of these messages, and when it was looked at, in ms from now. */
function aList(leases: Map<string, number>) {
  const beganAt = Date.now()
  const looks: number[] = []
  const takenAt = new Map<string, number>()
  const index = {
    firstLeaseEndMs: async () => {
      looks.push(Date.now() - beganAt)
      return leases.size === 0 ? undefined : Math.min(...leases.values())
    },
    orphans: async () => {
      const ended = [...leases].filter(([, end]) => end <= Date.now()).map(([id]) => id)
      return ended.map((id) => ({ identityId: id, messageId: id }))
    },
    forget: async ({ identityId }: { identityId: string }) => {
      takenAt.set(identityId, Date.now() - beganAt)
      leases.delete(identityId)
    },
  }
  const scheduler = createScheduler({ logger: undefined })
  const queue = { add: async () => {} }
  const metrics = { tookOver: () => {} }
  scheduler.add(takeOverOrphans({ index, queue, metrics, now: Date.now }))
  return { beganAt, looks, takenAt, close: () => scheduler.close() }
}

test('with nothing under way it looks each four seconds, before a claim made meanwhile can end', async () => {
  expect([AT_REST_MS, LEASE_MS]).toEqual([4000, 5000])
  const { looks, close } = aList(new Map())
  await vi.advanceTimersByTimeAsync(60_000)
  await close()
  expect(looks.length).toBeGreaterThanOrEqual(14)
  expect(looks.length).toBeLessThanOrEqual(17)
})

test('a claim that has ended is looked at twice, two seconds apart, so that its mailer can record what it sent', async () => {
  const leases = new Map([['alive', Date.now() + LEASE_MS]])
  const { looks, takenAt, close } = aList(leases)
  await vi.advanceTimersByTimeAsync(4900)
  const looksBefore = looks.length
  // As if Redis had been away between two looks, and were back just before the one at the end of the claim.
  await vi.advanceTimersByTimeAsync(1900)
  // Once, or twice if a look came within the last millisecond of the claim.
  expect(looks.length).toBeGreaterThan(looksBefore)
  // Its mailer has connected again by now, and records what it had sent.
  leases.delete('alive')
  await vi.advanceTimersByTimeAsync(10_000)
  await close()
  expect(takenAt.size).toBe(0)
})

// A look comes up to a second after the moment that was asked for. The second one is asked for after three.
test('a claim that is never renewed is taken over within five seconds of its end, whenever it was made', async () => {
  const leases = new Map<string, number>()
  const { beganAt, takenAt, close } = aList(leases)
  const ends = new Map<string, number>()
  for (let claim = 0; claim < 40; claim++) {
    await vi.advanceTimersByTimeAsync(1370)
    const id = `claim-${claim}`
    leases.set(id, Date.now() + LEASE_MS)
    ends.set(id, Date.now() + LEASE_MS - beganAt)
  }
  await vi.advanceTimersByTimeAsync(20_000)
  await close()
  for (const [id, end] of ends) {
    expect(takenAt.get(id)).toBeGreaterThanOrEqual(end)
    expect(takenAt.get(id)).toBeLessThanOrEqual(end + 5002)
  }
})

test('claims that are renewed are looked at less than twice a second', async () => {
  const leases = new Map([['alive', 0]])
  const { looks, takenAt, close } = aList(leases)
  for (let second = 0; second < 60; second++) {
    leases.set('alive', Date.now() + LEASE_MS)
    await vi.advanceTimersByTimeAsync(1000)
  }
  await close()
  expect(takenAt.size).toBe(0)
  expect(looks.length).toBeLessThanOrEqual(20)
})
