import { createScheduler } from '@emailauth/service/tasks/scheduler'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSweeper, sweeps } from '../../src/identities/sweeper.ts'
import { createTenantDeletion, deletionTasks } from '../../src/tenants/delete-tenants.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each(['sweeper', 'deletion of tenants'] as const)(
  'the %s meets a Redis that is gone for half a minute: one line of the log, and another at its return',
  async (which) => {
    const lines: string[] = []
    let isGone = true
    const answer = async (found: unknown) => {
      if (isGone) throw new Error('Connection is closed.')
      return found
    }
    const due = {
      announceAgain: async () => {},
      lease: () => answer({ lease: '', partitions: [] }),
    } as never
    const tenants = {
      ids: async () => [],
      list: async () => [],
      deletions: { list: () => answer([]) },
    } as never
    const logger = {
      warn: (_fields: object, text: string) => lines.push(text),
      info: (text: string) => lines.push(text),
    } as never
    const nothing = {} as never
    const deletion = { redis: nothing, tenants, apiKeys: nothing, webhooks: nothing, logger }
    const tasks =
      which === 'sweeper'
        ? sweeps(createSweeper({ context: nothing, due, tenants }))
        : deletionTasks(createTenantDeletion(deletion))
    const scheduler = createScheduler({ logger })
    for (const task of tasks) scheduler.add(task)
    await vi.advanceTimersByTimeAsync(30_000)
    isGone = false
    await vi.advanceTimersByTimeAsync(2000)
    await scheduler.close()
    expect(lines).toEqual([expect.stringContaining('look at Redis'), expect.stringContaining(' again')])
  },
)
