import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serveSocket, TRY_AGAIN_LATER } from './serve-socket.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A socket that graphql-ws serves, and what came of its messages. */
function openSocket() {
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, protocol: 'graphql-transport-ws' },
    ...{ ping: vi.fn(), terminate: vi.fn(), close: vi.fn(), send: vi.fn() },
  })
  let taken = 0
  const server = {
    opened(connection: { onMessage(take: (text: string) => Promise<void>): void }) {
      connection.onMessage(async () => void taken++)
      return async () => {}
    },
  }
  const warn = vi.fn()
  serveSocket(server as never, socket as never, {}, { warn })
  return { socket, taken: () => taken, warn }
}

test('a socket is pinged every 12 s, and ended when the one before was not answered', () => {
  const { socket } = openSocket()
  vi.advanceTimersByTime(11_999)
  expect(socket.ping).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(socket.ping).toHaveBeenCalledTimes(1)
  socket.emit('pong')
  vi.advanceTimersByTime(12_000)
  expect(socket.ping).toHaveBeenCalledTimes(2)
  expect(socket.terminate).not.toHaveBeenCalled()
  vi.advanceTimersByTime(12_000)
  expect(socket.terminate).toHaveBeenCalledTimes(1)
  socket.emit('close', 1006, '')
  expect(vi.getTimerCount()).toBe(0)
})

test('200 messages in 10 s are taken; one more closes the socket', () => {
  const { socket, taken } = openSocket()
  const say = (count: number) => {
    for (let message = 0; message < count; message++) socket.emit('message', '{}')
    return taken()
  }
  expect(say(200)).toBe(200)
  vi.advanceTimersByTime(10_001)
  expect(say(200)).toBe(400)
  vi.advanceTimersByTime(9999)
  expect(say(1)).toBe(400)
  expect(socket.close.mock.calls).toEqual([[4429, 'Too many messages']])
})

test('the codes are those of RFC 6455 and of its registry', () => {
  const { socket, warn } = openSocket()
  socket.emit('error', new RangeError('of the client'))
  expect(socket.close.mock.calls).toEqual([[1011, 'Internal error']])
  expect(warn).not.toHaveBeenCalled()
  expect(TRY_AGAIN_LATER).toBe(1013)
})
