import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSessionRoom } from './session-room.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a relay that refused a further connection is asked for one again after 5 s', () => {
  const pooled = new Set([{ busySinceMs: undefined }])
  const limits = { maxSessions: 10, slowAfterMs: 60_000, maxSlow: 0 }
  const room = createSessionRoom(limits, { pooled, opening: new Set() })
  expect(room.hasRoom()).toBe(true)
  room.noteFull(1)
  vi.advanceTimersByTime(4999)
  expect(room.hasRoom()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(room.hasRoom()).toBe(true)
})
