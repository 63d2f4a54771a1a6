import { EventEmitter } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { buildSchema } from 'graphql'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDocumentBudgets } from '../graphql/documents/document-budgets.ts'
import { createLive } from './live.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))

const open: EventEmitter[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.emit('close', 1000, '')
  vi.useRealTimers()
})

/** A socket of a good key; `identify` says what the key is from then on. */
async function openSocket() {
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, protocol: 'graphql-transport-ws' },
    ...{ ping: vi.fn(), terminate: vi.fn(), close: vi.fn() },
    send: vi.fn((_text: string, sent: () => void) => sent()),
  })
  open.push(socket)
  const identify = vi.fn<() => Promise<unknown>>(async () => ({
    scope: 'tenant',
    tenantId: 'demo',
    apiKeyId: 'k',
  }))
  const live = createLive({
    schema: buildSchema('type Query { a: Int }'),
    services: { callers: { identify }, sessions: {} } as never,
    budgets: createDocumentBudgets(),
    logFault: () => {},
    logger: { warn: () => {} },
  })
  const request = { ip: '127.0.0.1', headers: { authorization: 'Bearer k' } }
  live.handler.call({ websocketServer: { options: {} } } as never, socket as never, request as never)
  socket.emit('message', '{"type":"connection_init"}')
  await eventually(() => expect(socket.send.mock.calls[0]?.[0]).toBe('{"type":"connection_ack"}'))
  identify.mockClear()
  return { socket, identify, live }
}

test('an open socket is checked again every second, and closed with 4403 when its key is no more', async () => {
  const { socket, identify } = await openSocket()
  vi.advanceTimersByTime(999)
  expect(identify).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(identify).toHaveBeenCalledTimes(1)
  identify.mockResolvedValue(undefined)
  expect(socket.close).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1000)
  await eventually(() => expect(socket.close.mock.calls).toEqual([[4403, 'Forbidden']]))
})

test('sockets are closed with 1001 when the gateway goes away', async () => {
  const { socket, live } = await openSocket()
  live.close()
  expect(socket.close.mock.calls).toEqual([[1001, 'Going away']])
})
