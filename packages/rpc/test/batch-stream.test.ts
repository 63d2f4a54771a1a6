import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createHttpTransport } from '../src/client/http/transport.ts'
import { readReply } from '../src/client/reply.ts'
import { retryLostReply } from '../src/client/retry.ts'
import type { Transport } from '../src/client/transport.ts'
import { serveBatches } from '../src/server/batches.ts'
import { buildTestService, serviceToken } from './test-service.ts'

const PATH = '/v1/echoes/batch'
const PARTS = '/v1/parts/batch'
const STREAM = '/v1/batch-stream'
interface Echo {
  readonly words: string[]
  readonly afterMs?: number
}

/** A service whose batch route echoes its input after `afterMs`. `requests` are the requested paths. */
async function startService() {
  const requests: string[] = []
  const answered: Echo[] = []
  const app = await buildTestService((app, metrics) => {
    const batches = serveBatches(app, { metrics })
    batches.addReplyHeader('x-test-time', () => '17')
    batches.add({
      path: PATH,
      summary: 'Says it again',
      body: z.object({ words: z.array(z.string().max(10)), afterMs: z.int().default(0) }),
      reply: z.object({ words: z.array(z.string()) }),
      async answer(echo) {
        answered.push(echo)
        await wait(echo.afterMs)
        return { words: echo.words }
      },
    })
    batches.addParts({
      path: PARTS,
      body: z.object({ words: z.array(z.string().max(10)) }),
      async answer({ words }, { headers }, sendPart) {
        for (const word of words) {
          sendPart({ word, asked: headers['x-asked'] })
          await wait(5)
        }
      },
    })
  })
  app.server.on('request', ({ url }) => requests.push(String(url)))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, url, requests, answered }
}

interface TestClient {
  readonly transport: Transport
  readonly timeoutMs: number
  readonly close: () => Promise<void>
}

function clientOf(url: string, { timeoutMs = 1000 } = {}): TestClient {
  const transport = createHttpTransport({ name: 'test', url, serviceToken })
  onTestFinished(() => transport.close().catch(() => {}))
  return { transport, timeoutMs, close: transport.close }
}

const echoShape = z.object({ words: z.array(z.string()) })

async function exchange(
  { transport, timeoutMs }: TestClient,
  path: string,
  { words, ...more }: { words: string[]; afterMs?: number },
  onPart?: (part: unknown) => void,
) {
  const call = {
    method: 'POST',
    path,
    body: { words, ...more },
    headers: { 'x-request-id': `r-${words[0]}`, 'x-asked': 'yes' },
    isBatch: true,
    onPart,
  } as const
  return retryLostReply({ timeoutMs, withinMs: 2 * timeoutMs }, (how) => transport.send({ ...call, ...how }))
}

const say = async (client: TestClient, words: string[], afterMs = 0) =>
  readReply(await exchange(client, PATH, { words, afterMs }), echoShape, () => 'test')

/** Calls until one used a stream. Then both streams are open. */
async function streamed({ timeoutMs = 10_000 } = {}) {
  const service = await startService()
  const client = clientOf(service.url, { timeoutMs })
  // A stream that seems slow is tried again after a minute.
  await eventually(async () => {
    await say(client, ['first'])
    // The stream opens behind the first call. Without a pause a quick machine would never see it open.
    await wait(20)
    const before = service.requests.length
    await say(client, ['second'])
    expect(service.requests.length).toBe(before)
  }, 120_000)
  service.requests.length = 0
  service.answered.length = 0
  return { ...service, client }
}

test('the first call goes by itself, those after it by a stream, and each gets its own reply whatever the order', async () => {
  const { client, requests } = await streamed()
  const delays = Array.from({ length: 40 }, (_, i) => (i * 7) % 40)
  const replies = await Promise.all(delays.map((afterMs, i) => say(client, [`w${i}`, 'ñ', '€😀'], afterMs)))
  expect(replies).toEqual(delays.map((_, i) => ({ body: { words: [`w${i}`, 'ñ', '€😀'] } })))
  expect(requests).toEqual([])
})

test('headers of frames are those of replies', async () => {
  const { client } = await streamed()
  expect(await exchange(client, PATH, { words: ['a'] })).toMatchObject({ headers: { 'x-test-time': '17' } })
})

test('what a service refuses is refused in the same words by a stream', async () => {
  const { client, url, requests } = await streamed()
  const byStream = await say(client, ['much too long a word'])
  const byItself = await say(clientOf(url), ['much too long a word'])
  expect(requests.filter((path) => path === PATH)).toHaveLength(1)
  expect(byStream).toMatchObject({ problem: { code: 'bad-input', requestId: 'r-much too long a word' } })
  expect(Object.keys(byStream)).toEqual(Object.keys(byItself))
  expect(byItself).toMatchObject({ problem: { code: 'bad-input' } })
})

test('an answer in parts arrives part by part, and a refused one has none', async () => {
  const { client } = await streamed()
  const inParts = async (words: string[], parts: unknown[]) =>
    readReply(await exchange(client, PARTS, { words }, (part) => parts.push(part)), z.unknown(), () => 'test')
  const [some, others, none]: [unknown[], unknown[], unknown[]] = [[], [], []]
  expect(await Promise.all([inParts(['a', 'b', 'c'], some), inParts(['d'], others)])).toEqual([
    { body: {} },
    { body: {} },
  ])
  expect(some).toEqual(['a', 'b', 'c'].map((word) => ({ word, asked: 'yes' })))
  expect(others).toEqual([{ word: 'd', asked: 'yes' }])
  expect(await inParts(['much too long a word'], none)).toMatchObject({ problem: { code: 'bad-input' } })
  expect(none).toEqual([])
})

test('a stream that breaks loses no call: each is made once more by itself', async () => {
  const { app, client, requests, answered } = await streamed()
  const calls = ['a', 'b', 'c'].map((word) => say(client, [word], 250))
  await eventually(() => expect(answered).toHaveLength(3))
  app.server.closeAllConnections()
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'].map((word) => ({ body: { words: [word] } })))
  expect(requests.filter((path) => path === PATH)).toHaveLength(3)
  expect(answered).toHaveLength(6)
})

test('a reply that does not come in time is asked for again by itself, and the stream is left', async () => {
  const { client, requests } = await streamed({ timeoutMs: 500 })
  const late = say(client, ['late'], 700)
  await expect(late).rejects.toMatchObject({ problem: { code: 'unavailable' } })
  expect(requests).toEqual([PATH])
  await say(client, ['next'])
  await eventually(async () => expect(requests).toContain(STREAM), 120_000)
})

test('a service that shuts down answers what it was sent, and the streams do not hold it up', async () => {
  const { app, client, requests, answered } = await streamed()
  const call = say(client, ['last'], 150)
  await eventually(() => expect(answered).toHaveLength(1))
  const began = performance.now()
  await app.close()
  expectWithin(performance.now() - began, 1000)
  expect(await call).toEqual({ body: { words: ['last'] } })
  expect(requests).toEqual([])
})

test('a client that closes gets the replies that it waits for, and holds nobody up', async () => {
  const { client } = await streamed()
  const call = say(client, ['last'], 150)
  const began = performance.now()
  await client.close()
  expectWithin(performance.now() - began, 1000)
  expect(await call).toEqual({ body: { words: ['last'] } })
})

test.each([
  ['knows no streams', 404],
  ['answers a stream only when it is whole, as behind a proxy that collects requests', undefined],
])('a service that %s is called by requests', async (_name, status) => {
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    requests.push(String(request.url))
    if (request.url === STREAM && status !== undefined) return response.writeHead(status).end()
    const pieces = await request.toArray().catch(() => [])
    if (request.url === PATH) response.end(Buffer.concat(pieces))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  for (let i = 0; i < 20; i++)
    expect(await say(client, [`w${i}`])).toMatchObject({ body: { words: [`w${i}`] } })
  expect(requests.filter((path) => path === PATH)).toHaveLength(20)
  // One attempt for each stream; the next ones wait.
  expect(requests.filter((path) => path === STREAM)).toHaveLength(2)
})

test('without the service token there is no stream, and what is no batch ends one', async () => {
  const { url, app } = await startService()
  expect(
    (await fetch(url + STREAM, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } }))
      .status,
  ).toBe(401)
  const { port } = app.server.address() as AddressInfo
  for (const rubbish of [
    'no JSON',
    '[]',
    '{"id":"1"}',
    '{"id":1,"path":7}',
    'x'.repeat(4 * 1024 * 1024 + 1),
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      `POST ${STREAM} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${serviceToken}\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    socket.write(`${(rubbish.length + 1).toString(16)}\r\n${rubbish}\n\r\n`)
    socket.resume()
    await once(socket, 'close')
  }
})
