import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MOST_UNREAD_BYTES, serveSocket, TRY_AGAIN_LATER } from './serve-socket.ts'

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'],
    }),
)
afterEach(() => {
  vi.useRealTimers()
  flooding = false
})

/** Whether the owner of the sockets has sent too many messages. */
let flooding = false

/** A socket that graphql-ws serves, and what came of its messages. */
function openSocket() {
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, protocol: 'graphql-transport-ws' },
    ...{ ping: vi.fn(), terminate: vi.fn(), close: vi.fn(), bufferedAmount: 0 },
    ...{ pause: vi.fn(), resume: vi.fn() },
    send: vi.fn((_data: string, done: () => void) => done()),
  })
  let taken = 0
  let ours: Connection | undefined
  const server = {
    opened(connection: Connection) {
      ours = connection
      connection.onMessage(async () => void taken++)
      return async () => {}
    },
  }
  const warn = vi.fn()
  serveSocket(server as never, socket as never, {}, { log: { warn }, isFlooding: () => flooding })
  if (ours === undefined) throw new Error('graphql-ws was given no connection')
  return { socket, taken: () => taken, warn, connection: ours }
}

interface Connection {
  onMessage(take: (text: string) => Promise<void>): void
  send(data: string): Promise<void>
  close(code: number, reason: string): void
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

test.each(['message', 'ping', 'pong'])('a flood of each kind closes, and ends who goes on: %s', (kind) => {
  const { socket, taken } = openSocket()
  for (let frame = 0; frame < 400; frame++) socket.emit(kind, '{}')
  expect(socket.close).toHaveBeenCalledWith(4429, 'Too many messages')
  expect(socket.terminate).not.toHaveBeenCalled()
  socket.emit(kind, '{}')
  expect(socket.terminate).toHaveBeenCalled()
  expect(taken()).toBe(kind === 'message' ? 200 : 0)
})

test('an answer to a ping of the gateway is no message of the client; a pong after it is', () => {
  const { socket } = openSocket()
  vi.advanceTimersByTime(11_000)
  for (let message = 0; message < 200; message++) socket.emit('message', '{}')
  vi.advanceTimersByTime(1000)
  expect(socket.ping).toHaveBeenCalledTimes(1)
  socket.emit('pong')
  expect(socket.close).not.toHaveBeenCalled()
  socket.emit('pong')
  expect(socket.close).toHaveBeenCalledWith(4429, 'Too many messages')
})

test('a message of thousands of keys and items is not parsed', () => {
  const { socket, taken } = openSocket()
  socket.emit('message', Buffer.from(`["${'x'.repeat(4096)}"${',0'.repeat(400)}]`))
  expect(taken()).toBe(1)
  socket.emit('message', Buffer.from(`["${'x'.repeat(4096)}"${',0'.repeat(600)}]`))
  expect(taken()).toBe(1)
  expect(socket.close.mock.calls).toEqual([[4400, 'A message has too many keys and items']])
})

test('a socket that floods together with others of its owner is read once a second, and not closed', () => {
  const { socket, taken } = openSocket()
  const send = (count: number) => {
    for (let message = 0; message < count; message++) socket.emit('message', '{}')
    return [taken(), socket.pause.mock.calls.length]
  }
  expect(send(10)).toEqual([10, 0])
  flooding = true
  // The second one was read together with the one before.
  expect(send(2)).toEqual([12, 1])
  vi.advanceTimersByTime(999)
  expect(socket.resume).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(socket.resume).toHaveBeenCalledTimes(1)
  expect(send(1)).toEqual([13, 2])
  expect(socket.close).not.toHaveBeenCalled()
  socket.emit('close', 1006, '')
  expect(vi.getTimerCount()).toBe(0)
})

test('a socket that sends little is read at once, also while others of its owner flood', () => {
  const { socket, taken } = openSocket()
  flooding = true
  for (let windows = 1; windows <= 3; windows++) {
    for (let message = 0; message < 10; message++) socket.emit('message', '{}')
    expect([taken(), socket.pause.mock.calls.length]).toEqual([10 * windows, 0])
    vi.advanceTimersByTime(10_001)
  }
})

test('nothing is read after the close', () => {
  const { socket, taken } = openSocket()
  socket.readyState = 2
  socket.emit('message', '{}')
  expect(taken()).toBe(0)
})

test('who does not read a MiB of answers loses the socket', async () => {
  const { socket, connection } = openSocket()
  socket.bufferedAmount = MOST_UNREAD_BYTES
  await connection.send('{}')
  expect(socket.terminate).not.toHaveBeenCalled()
  socket.bufferedAmount += 1
  await connection.send('{}')
  expect(socket.terminate).toHaveBeenCalledTimes(1)
  expect(MOST_UNREAD_BYTES).toBe(1_048_576)
})

test('a reason has room in a close frame', () => {
  const { socket, connection } = openSocket()
  for (const reason of ['short', 'x'.repeat(124), '€'.repeat(60)]) connection.close(4409, reason)
  const reasons = socket.close.mock.calls.map(([, reason]) => reason)
  expect(reasons[0]).toBe('short')
  for (const reason of reasons) expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
  expect(reasons[2]).toMatch(/^€{39,40}$/)
})

test('the codes are those of RFC 6455 and of its registry', () => {
  const { socket, warn } = openSocket()
  socket.emit('error', new RangeError('of the client'))
  expect(socket.close.mock.calls).toEqual([[1011, 'Internal error']])
  expect(warn).not.toHaveBeenCalled()
  expect(TRY_AGAIN_LATER).toBe(1013)
})
