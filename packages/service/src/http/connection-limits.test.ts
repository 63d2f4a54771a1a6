import { EventEmitter } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limitConnections, SERVICE_CONNECTIONS } from './connection-limits.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('refused connections are logged once in 10 s', () => {
  const server = Object.assign(new EventEmitter(), { maxConnections: 0 })
  const log = { warn: vi.fn() }
  limitConnections({ server, log } as unknown as FastifyInstance, SERVICE_CONNECTIONS)
  expect(server.maxConnections).toBe(2000)
  const warningsAfter = (ms: number) => {
    vi.advanceTimersByTime(ms)
    server.emit('drop')
    return log.warn.mock.calls.length
  }
  expect([0, 1, 9998, 1].map(warningsAfter)).toEqual([1, 1, 1, 2])
})
