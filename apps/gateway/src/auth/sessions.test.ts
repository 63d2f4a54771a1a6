import { expect, test, vi } from 'vitest'
import { createSessions } from './sessions.ts'

const session = (id: string) => ({ id, email: 'ada@example.com' }) as never

test('a sign-in succeeds though the earlier session of the browser cannot be ended, which is logged', async () => {
  const fault = new Error('persistence is gone')
  const persistence = { authenticateSession: vi.fn(), revokeSession: vi.fn().mockRejectedValue(fault) }
  const [warn, write] = [vi.fn(), vi.fn()]
  const sessions = createSessions(persistence, {} as never, { warn })
  const cookies = { write } as never
  const caller = { scope: 'admin', session: session('0123456789abcdef') } as const
  await sessions.begin({ session: session('fedcba9876543210'), secret: 's' }, { cookies, caller })
  expect(write).toHaveBeenCalledWith('session', 'fedcba9876543210.s', expect.any(Number))
  expect(warn).toHaveBeenCalledWith({ err: fault, sessionId: '0123456789abcdef' }, expect.any(String))
})
