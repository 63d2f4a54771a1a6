import { createScheduler } from '@emailauth/service/scheduler'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeOverOrphans } from './orphans.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a Redis that is gone for half a minute is one line of the log, and its return another', async () => {
  const lines: string[] = []
  let isGone = true
  const index = {
    orphans: async () => {
      if (isGone) throw new Error('Connection is closed.')
      return []
    },
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
