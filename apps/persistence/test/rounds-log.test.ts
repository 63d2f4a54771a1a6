import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startSweeper } from '../src/identities/sweeper.ts'
import { startTenantDeletion } from '../src/tenants/delete-tenants.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each(['sweeper', 'deletion of tenants'] as const)(
  'the %s meets a Redis that is gone for half a minute: one line of the log, and another at its return',
  async (which) => {
    const lines: string[] = []
    let isGone = true
    const tenants = {
      list: async () => {
        if (isGone) throw new Error('Connection is closed.')
        return []
      },
    } as never
    const logger = {
      warn: (_fields: object, text: string) => lines.push(text),
      info: (text: string) => lines.push(text),
    } as never
    const nothing = {} as never
    const rounds =
      which === 'sweeper'
        ? startSweeper(nothing, tenants, logger)
        : startTenantDeletion({ redis: nothing, tenants, apiKeys: nothing, webhooks: nothing, logger })
    await vi.advanceTimersByTimeAsync(30_000)
    isGone = false
    await vi.advanceTimersByTimeAsync(2000)
    rounds.stop()
    expect(lines).toEqual([expect.stringContaining('look at Redis'), expect.stringContaining(' again')])
  },
)
