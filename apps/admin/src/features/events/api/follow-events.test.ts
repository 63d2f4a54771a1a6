import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type FollowOptions, followEvents } from './follow-events.ts'

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly authorization?: string; readonly variables?: { readonly after: string } }
}

/** A busy machine may take its time. */
const PATIENT = { timeout: 30_000 }

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A minimal gateway. `onSubscribe` answers each subscription. */
async function start(
  onSubscribe: (message: Message, send: (cursor: string) => void, socket: WebSocket) => void,
) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const inits: unknown[] = []
  const subscriptions: (string | undefined)[] = []
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message
      if (message.type === 'connection_init') {
        inits.push(message.payload)
        socket.send(JSON.stringify({ type: 'connection_ack' }))
      }
      if (message.type !== 'subscribe') return
      subscriptions.push(message.payload?.variables?.after)
      const { id } = message
      const send = (cursor: string) =>
        socket.send(JSON.stringify({ type: 'next', id, payload: { data: { events: { cursor } } } }))
      onSubscribe(message, send, socket)
    })
  })
  const seen: string[] = []
  const statuses: string[] = []
  const onRefused = vi.fn()
  const follow = (changes: Partial<FollowOptions> = {}) => {
    const stop = followEvents({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      authorization: 'Bearer key',
      tenantId: undefined,
      types: undefined,
      after: '0',
      onEvent: ({ cursor }) => seen.push(cursor),
      onStatus: (status) => statuses.push(status),
      onRefused,
      webSocket: WebSocket,
      ...changes,
    })
    ends.push(stop)
    return stop
  }
  ends.push(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return { follow, inits, subscriptions, seen, statuses, onRefused }
}

test('after a break it goes on behind the last event that came', async () => {
  let round = 0
  const it = await start((_message, send, socket) => {
    if (++round === 1) {
      send('1')
      send('2')
      setTimeout(() => socket.terminate(), 20)
    } else send('3')
  })
  it.follow()
  await vi.waitFor(() => expect(it.seen).toEqual(['1', '2', '3']), PATIENT)
  expect(it.subscriptions).toEqual(['0', '2'])
  expect(it.statuses).toEqual(['connecting', 'live', 'connecting', 'live'])
  expect(it.inits[0]).toEqual({ authorization: 'Bearer key' })
})

test('a refusal is reported once, and not followed by another attempt', async () => {
  const it = await start((_message, _send, socket) => socket.close(4403, 'Forbidden'))
  it.follow({ authorization: undefined })
  await vi.waitFor(() => expect(it.onRefused).toHaveBeenCalledOnce(), PATIENT)
  expect(it.subscriptions).toHaveLength(1)
  expect(it.inits[0]).toBeUndefined()
})

test('after a stop no event arrives', async () => {
  let sendLater = (_cursor: string) => {}
  let closed: Promise<unknown> = Promise.resolve()
  const it = await start((_message, send, socket) => {
    send('1')
    sendLater = send
    closed = once(socket, 'close')
  })
  const stop = it.follow()
  await vi.waitFor(() => expect(it.seen).toEqual(['1']), PATIENT)
  stop()
  sendLater('2')
  await closed
  expect(it.seen).toEqual(['1'])
})

test('a gateway that stays away is reported as offline', async () => {
  const it = await start(() => {})
  it.follow({ url: 'ws://127.0.0.1:1' })
  await vi.waitFor(() => expect(it.statuses).toContain('offline'), PATIENT)
})

/**
 * Lets the first times of half a second and more pass at once, and answers all, in the order they began.
 * Pauses have all of their random part, or as much of it as `random` says.
 */
function skipTimes(first: number, random = 1): readonly number[] {
  const chance = vi.spyOn(Math, 'random').mockReturnValue(random)
  const times: number[] = []
  const original = setTimeout
  const skipping = (run: () => void, ms = 0) => {
    if (ms < 500) return original(run, ms)
    times.push(ms)
    return original(run, times.length <= first ? 0 : ms)
  }
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(skipping as typeof setTimeout)
  ends.push(() => {
    spy.mockRestore()
    chance.mockRestore()
  })
  return times
}

test('a gateway that stays away is asked again after 0.5, 1, 2, 4, 8, then each 10 s', async () => {
  const it = await start(() => {})
  const times = skipTimes(6)
  it.follow({ url: 'ws://127.0.0.1:1' })
  await vi.waitFor(() => expect(times).toHaveLength(7), PATIENT)
  expect(times).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000])
})

test('half of each pause is random, because all dashboards lose a gateway at the same moment', async () => {
  const it = await start(() => {})
  const times = skipTimes(1, 0.2)
  it.follow({ url: 'ws://127.0.0.1:1' })
  await vi.waitFor(() => expect(times).toHaveLength(2), PATIENT)
  expect(times).toEqual([600, 1200])
})

test('a quiet gateway is asked after 10 s whether it is there, and has 5 s to answer', async () => {
  const it = await start(() => {})
  const times = skipTimes(2)
  it.follow()
  await vi.waitFor(() => expect(times).toContain(500), PATIENT)
  expect(times.slice(0, 2)).toEqual([10_000, 5000])
})
