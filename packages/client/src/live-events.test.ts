import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { AuthenticationError, createClient, InputError } from './client.ts'

let server: WebSocketServer
afterEach(() => {
  for (const socket of server.clients) socket.terminate()
  server.close()
})

/**
 * A WebSocket server that handles each connection with the next of `turns`, which gets the subscription's
 * `after` and id.
 */
async function clientWith(
  ...turns: ((socket: WebSocket, after: string, send: (cursor: string) => void, id: string) => void)[]
) {
  const seen: { authorization: unknown; after: string }[] = []
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  await once(server, 'listening')
  server.on('connection', (socket) => {
    let authorization: unknown
    socket.on('message', (text) => {
      const { type, id, payload } = JSON.parse(String(text))
      if (type === 'connection_init') {
        authorization = payload.authorization
        socket.send('{"type":"connection_ack"}')
      }
      if (type !== 'subscribe') return
      const { after } = payload.variables
      seen.push({ authorization, after })
      const send = (cursor: string) =>
        socket.send(JSON.stringify({ type: 'next', id, payload: { data: { events: { cursor } } } }))
      turns[Math.min(seen.length, turns.length) - 1]?.(socket, after, send, id)
    })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { client: createClient({ url, apiKey: 'ea_key', webSocket: WebSocket }), seen }
}

test('a lost connection is made again behind the last event that was seen', async () => {
  const { client, seen } = await clientWith(
    (socket, _after, send) => {
      send('1')
      send('2')
      socket.close(1001)
    },
    // A connection that breaks before any event, and one that is refused for the moment.
    (socket) => socket.terminate(),
    (socket) => socket.close(1013),
    (_socket, _after, send) => send('3'),
  )
  const cursors: string[] = []
  for await (const { cursor } of client.events({ after: '0' })) {
    cursors.push(cursor)
    if (cursor === '3') break
  }
  expect(cursors).toEqual(['1', '2', '3'])
  const authorization = 'Bearer ea_key'
  expect(seen).toEqual(['0', '2', '2', '2'].map((after) => ({ authorization, after })))
})

test.each([4401, 4403])('the close code %i is final: the key does not work any more', async (code) => {
  const { client, seen } = await clientWith((socket, _after, send) => {
    send('1')
    socket.close(code)
  })
  const read = async () => {
    for await (const _event of client.events({ after: '0' }));
  }
  await expect(read()).rejects.toThrow(AuthenticationError)
  expect(seen).toHaveLength(1)
})

const results = (code: string) => (socket: WebSocket, _after: string, _send: unknown, id: string) =>
  socket.send(
    JSON.stringify({ type: 'next', id, payload: { errors: [{ message: 'Not so.', extensions: { code } }] } }),
  )

test('a result that refuses the subscription ends it with its own error, and is not asked for again', async () => {
  const { client, seen } = await clientWith(results('BAD_USER_INPUT'))
  const read = async () => {
    for await (const _event of client.events({ after: 'nonsense' }));
  }
  await expect(read()).rejects.toThrow(new InputError('BAD_USER_INPUT', 'Not so.'))
  expect(seen).toHaveLength(1)
})

test('a result that says "not now" is a lost connection', async () => {
  const { client, seen } = await clientWith(results('SERVICE_UNAVAILABLE'), (_socket, _after, send) =>
    send('1'),
  )
  for await (const { cursor } of client.events({ after: '0' })) {
    expect(cursor).toBe('1')
    break
  }
  expect(seen).toHaveLength(2)
})

test('a caller that leaves the loop closes the connection', async () => {
  const { client } = await clientWith((_socket, _after, send) => send('1'))
  for await (const _event of client.events({ after: '0' })) break
  const [socket] = server.clients
  if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) await once(socket, 'close')
  expect([...server.clients].filter(({ readyState }) => readyState === WebSocket.OPEN)).toEqual([])
})

test('an event that was read is kept no longer, however long the connection lives', async () => {
  const { client } = await clientWith((_socket, _after, send) => {
    for (const cursor of ['1', '2', '3', '4']) send(cursor)
  })
  const read: WeakRef<object>[] = []
  for await (const event of client.events({ after: '0' })) {
    read.push(new WeakRef(event))
    if (event.cursor === '4') break
    // Without a turn of the event loop in between a WeakRef keeps its object.
    await new Promise((resolve) => setImmediate(resolve))
    if (event.cursor !== '3') continue
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    expect(read[0]?.deref()).toBeUndefined()
  }
  expect(read).toHaveLength(4)
})
