import { PassThrough, type Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openBatchStream } from './batch-stream.ts'
import { createBatchStreams } from './batch-streams.ts'
import type { Connections } from './connections.ts'
import { ownHeaders } from './own-headers.ts'

// The times of a stream, each with its number written out, on a clock of their own.

const OWN = ownHeaders('test', 't')

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
)
afterEach(() => vi.useRealTimers())

/**
 * Connections to a service that answers each frame with 204, after `delayMs`. `isSlow`: only pings.
 * `isSilent`: nothing.
 */
function scriptedConnections() {
  const service = { isSilent: false, isSlow: false, delayMs: 0, refuses: false, opened: 0 }
  const request = async ({ path, body, signal }: Dispatcher.RequestOptions) => {
    if (path === '/healthz') return { body: { dump: async () => {} } } as Dispatcher.ResponseData
    service.opened += 1
    if (service.refuses) throw new Error('ECONNREFUSED')
    const replies = new PassThrough()
    ;(signal as AbortSignal).addEventListener('abort', () => replies.destroy())
    ;(body as Readable).on('data', async (piece: Buffer) => {
      await nextTurn()
      if (service.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, service.delayMs))
      if (service.isSilent) return
      for (const line of String(piece).trim().split('\n')) {
        const { id, path } = JSON.parse(line)
        if (path !== undefined && service.isSlow) continue
        replies.write(`${JSON.stringify({ id, status: 204, headers: {} })}\n`)
      }
    })
    return { statusCode: 200, body: replies } as unknown as Dispatcher.ResponseData
  }
  const connections: Connections = { request, requestOnNewConnection: request, close: async () => {} }
  return { service, connections }
}

function openStream() {
  const { service, connections } = scriptedConnections()
  const notOpened: string[] = []
  const open = (isWatched = true) =>
    openBatchStream({
      connections,
      own: OWN,
      isWatched: () => isWatched,
      onNotOpened: (why) => notOpened.push(why),
    })
  return { service, open, notOpened }
}

/** What is under way arrives, then so much time passes. */
async function pass(ms: number): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await nextTurn()
  await vi.advanceTimersByTimeAsync(ms)
  for (let turns = 0; turns < 50; turns++) await nextTurn()
}

test('a stream whose first frame is not answered is given up after a second', async () => {
  const { service, open, notOpened } = openStream()
  service.isSilent = true
  const stream = open()
  await pass(990)
  expect([stream.state, notOpened]).toEqual(['opening', []])
  await pass(20)
  expect([stream.state, notOpened]).toEqual(['ended', ['failed']])
})

test('a process that says nothing is asked each 300 ms, and left after 900 ms of silence', async () => {
  const { service, open } = openStream()
  const stream = open()
  await pass(10)
  expect(stream.state).toBe('open')
  service.isSilent = true
  // The first look may follow a pause of this process, so it counts for nothing.
  await pass(590)
  const call = stream.send({ path: '/v1/x', body: {} }, { timeoutMs: 60_000 })
  const failure = call.catch((error: Error) => error.message)
  await pass(890)
  expect(stream.state).toBe('open')
  await pass(330)
  expect(stream.state).toBe('ended')
  expect(await failure).toMatch(/^no byte arrived for (9|1[012])\d\d ms$/)
})

test('a process that only takes long for an answer is kept', async () => {
  const { service, open } = openStream()
  const stream = open()
  await pass(10)
  service.isSlow = true
  const call = stream.send({ path: '/v1/x', body: {} }, { timeoutMs: 4999.6 }).catch((error: Error) => error)
  for (let left = 4900; left > 0; left -= 100) await pass(100)
  expect(stream.state).toBe('open')
  await pass(100)
  expect(await call).toMatchObject({ message: 'no reply within 5000 ms' })
})

test('an end that the service does not answer is waited for 5 s', async () => {
  const { open } = openStream()
  const stream = open()
  await pass(10)
  stream.drain()
  await pass(4900)
  expect(stream.state).toBe('draining')
  await pass(200)
  expect(stream.state).toBe('ended')
})

test('two streams to a process, and each is replaced after a minute', async () => {
  const { service, connections } = scriptedConnections()
  const streams = createBatchStreams(connections, OWN, () => true)
  const send = () => streams.send({ path: '/v1/x', body: {} }, { timeoutMs: 1000 })
  expect(send()).toBeUndefined()
  await pass(10)
  expect(await send()).toMatchObject({ status: 204 })
  expect(service.opened).toBe(2)
  await pass(59_000)
  await send()
  expect(service.opened).toBe(2)
  await pass(1100)
  void send()
  expect(service.opened).toBe(4)
  streams.close()
})

/** How many streams are open when a call is made after this time. */
function openedLater({ service, connections }: ReturnType<typeof scriptedConnections>) {
  const streams = createBatchStreams(connections, OWN, () => true)
  return async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) await pass(Math.min(left, 100))
    void streams.send({ path: '/v1/x', body: {} }, { timeoutMs: 1000 })
    return service.opened
  }
}

test('after a failed attempt no stream is opened for 5 s', async () => {
  const scripted = scriptedConnections()
  scripted.service.refuses = true
  const openedAfter = openedLater(scripted)
  expect(await openedAfter(0)).toBe(2)
  expect(await openedAfter(4900)).toBe(2)
  expect(await openedAfter(300)).toBe(4)
})

test('where frames are slower than requests no stream is opened for a minute', async () => {
  const scripted = scriptedConnections()
  scripted.service.delayMs = 100
  const openedAfter = openedLater(scripted)
  expect(await openedAfter(0)).toBe(2)
  expect(await openedAfter(59_000)).toBe(2)
  expect(await openedAfter(3000)).toBe(4)
})
