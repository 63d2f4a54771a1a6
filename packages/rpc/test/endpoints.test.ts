import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { leftAtSignal } from '@emailauth/testing/left-at-signal'
import { expectWithin } from '@emailauth/testing/timing'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createRpcClient, type RpcClient } from '../src/client/client.ts'
import { createEndpoints, PROBE_TIMES } from '../src/client/http/endpoints.ts'
import { ownHeaders } from '../src/client/http/own-headers.ts'
import { createHttpTransport } from '../src/client/http/transport.ts'
import { NotSent } from '../src/client/transport.ts'
import { serveBatches } from '../src/server/batches.ts'
import { buildTestService, serviceToken } from './test-service.ts'

/** A service whose batch route answers with its own name. */
async function startService(name: string, { host = '127.0.0.1', port = 0, service = 'test' } = {}) {
  const paths: string[] = []
  let streamsEnded = 0
  const app = await buildTestService(
    (scope, metrics) => {
      serveBatches(scope, { metrics }).add({
        path: '/v1/names/batch',
        summary: 'Its name',
        body: z.object({ requests: z.array(z.unknown()) }),
        reply: z.object({ results: z.array(z.object({ name: z.string() })) }),
        answer: async ({ requests }) => ({ results: requests.map(() => ({ name })) }),
      })
    },
    { name: service },
  )
  app.server.on('request', ({ url }, response) => {
    paths.push(String(url))
    if (url === '/v1/batch-stream') response.on('close', () => streamsEnded++)
  })
  await app.listen({ host, port })
  const { port: own } = app.server.address() as AddressInfo
  return { app, port: own, url: `http://${host}:${own}`, paths, streamsEnded: () => streamsEnded }
}

function clientOf(url: string, resolve?: (host: string) => Promise<string[]>) {
  const transport = createHttpTransport({
    name: 'test',
    url,
    serviceToken,
    ...(resolve === undefined ? {} : { resolve }),
  })
  const client = createRpcClient({ name: 'test', transport, timeoutMs: 10_000 })
  onTestFinished(() => client.close().catch(() => {}))
  return client
}

function asking(client: RpcClient) {
  const ask = client.batch<object, { name: string }>({
    path: '/v1/names/batch',
    result: z.object({ name: z.string() }),
    batch: { max: 1, until: 'tick' },
    retry: { unavailable: false, withinMs: 30_000 },
  })
  return async (count: number) => {
    const names = new Set<string>()
    for (let i = 0; i < count; i++) names.add((await ask({}, `r${i}`)).name)
    return [...names].sort()
  }
}

/** A server that accepts connections and never replies. */
async function startSilent(): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a list of URLs shares the calls; when a process ends the others take over, and no call fails', async () => {
  const [a, b] = [await startService('a'), await startService('b')]
  const ask = asking(clientOf(`${a.url}, ${b.url}`))
  await expect.poll(() => ask(20)).toEqual(['a', 'b'])
  await b.app.close()
  expect(await ask(50)).toEqual(['a'])
  await startService('again', { port: b.port })
  await expect.poll(() => ask(20)).toEqual(['a', 'again'])
})

test('a process that takes calls and answers none is left for the others', async () => {
  const a = await startService('a')
  const ask = asking(clientOf(`${await startSilent()},${a.url}`))
  // Only the first call waits for its time-out. The next ones use another process.
  expect(await ask(3)).toEqual(['a'])
})

test('a URL of another service gets no call, not even one whose path it has; its 404 would be taken for an answer', async () => {
  const [other, own] = [await startService('other', { service: 'other' }), await startService('own')]
  const lone = clientOf(other.url)
  const calls = [
    () => asking(lone)(1),
    () => lone.call({ method: 'GET', path: '/v1/keys/1', reply: z.unknown() }),
    () => lone.call({ method: 'GET', path: '/of/no/service', reply: z.unknown() }),
    () => lone.ready(),
  ]
  for (const call of calls) {
    const refusal = await call().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(NotSent)
    expect((refusal as NotSent).cause).toMatchObject({
      cause: {
        message: `another service answers at ${other.url}: This is the other, and the call is meant for another service.`,
      },
    })
  }
  const both = clientOf(`${other.url},${own.url}`)
  expect(await asking(both)(20)).toEqual(['own'])
  await both.ready()
})

test('a process that failed is passed over until it answers a probe', async () => {
  expect(PROBE_TIMES).toEqual({ everyMs: 1000, timeoutMs: 1000 })
  const probes: string[] = []
  let isSilent = true
  const server = createHttpServer(({ method, url }, response) => {
    probes.push(`${method} ${url}`)
    if (!isSilent) response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const endpoints = createEndpoints({
    urls: [url, 'http://127.0.0.1:1'],
    own: ownHeaders('test', 't'),
    probeTimes: { everyMs: 20, timeoutMs: 200 },
  })
  onTestFinished(() => endpoints.close())
  const failing = endpoints.next()
  endpoints.failed(failing)
  const turns = () => [endpoints.next(), endpoints.next()]
  await expect
    .poll(
      () => {
        expect(turns()).not.toContain(failing)
        return probes.length
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThanOrEqual(3)
  expect(new Set(probes)).toEqual(new Set(['GET /healthz']))
  isSilent = false
  await expect.poll(turns, { timeout: 30_000 }).toContain(failing)
})

test('frames of a process that has fallen silent are sent to another one long before their time-out', async () => {
  const [a, b] = [await startService('a'), await startService('b')]
  const proxy = await startProxy(b.port)
  const ask = asking(clientOf(`${a.url},${proxy.url}`))
  await expect.poll(() => ask(20)).toEqual(['a', 'b'])
  proxy.hold()
  const began = performance.now()
  expect(await ask(4)).toEqual(['a'])
  // The time-out of one attempt is 10 s; the bound is wide for a busy machine.
  expectWithin(performance.now() - began, 9000)
})

test('a name with several addresses is several processes, and is looked up again', async () => {
  const a = await startService('a', { host: '127.0.0.2' })
  await startService('b', { host: '127.0.0.3', port: a.port })
  let addresses = ['127.0.0.2', '127.0.0.3']
  const asked: string[] = []
  const ask = asking(
    clientOf(`http://service.test:${a.port}`, async (host) => {
      asked.push(host)
      return addresses
    }),
  )
  // Until the first look-up has ended the name itself is tried, which fails here.
  await expect.poll(() => ask(20).catch(() => [])).toEqual(['a', 'b'])
  await startService('c', { host: '127.0.0.4', port: a.port })
  addresses = ['127.0.0.3', '127.0.0.4']
  await expect.poll(() => ask(20), { interval: 200 }).toEqual(['b', 'c'])
  expect(new Set(asked)).toEqual(new Set(['service.test']))
})

test('behind a proxy that holds frames back calls are requests', async () => {
  const a = await startService('a')
  const proxy = await startProxy(a.port)
  // Less than what counts as silence, and much more than a request takes on a busy machine.
  proxy.delayFrames(800)
  const ask = asking(clientOf(proxy.url))
  // Two streams are tried and given up. On a busy machine one may end before it came through the proxy, and
  // a later call tries again.
  const triedStreams = async () => {
    expect(await ask(10)).toEqual(['a'])
    return a.streamsEnded()
  }
  await expect.poll(triedStreams, { timeout: 60_000 }).toBeGreaterThanOrEqual(2)
  a.paths.length = 0
  expect(await ask(10)).toEqual(['a'])
  expect(a.paths.filter((path) => path === '/v1/names/batch')).toHaveLength(10)
})

/** A proxy that can delay everything, or only batch streams. */
async function startProxy(port: number) {
  let isHeld = false
  let frameDelayMs = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const service = connect(port, '127.0.0.1')
    let isStream = false
    for (const socket of [client, service]) sockets.add(socket.on('error', () => {}))
    client.on('data', (data) => {
      isStream ||= data.includes('/v1/batch-stream')
      const pass = () => !isHeld && service.write(data)
      if (isStream && frameDelayMs > 0) setTimeout(pass, frameDelayMs)
      else pass()
    })
    service.on('data', (data) => !isHeld && client.write(data))
    client.on('close', () => service.destroy())
    service.on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      isHeld = true
    },
    delayFrames(ms: number) {
      frameDelayMs = ms
    },
  }
}

test('a call leaves nothing at the signal of its caller, which may live as long as the process', async () => {
  const client = clientOf((await startService('a')).url)
  const { signal } = new AbortController()
  const call = { method: 'GET', path: '/healthz', reply: z.looseObject({}), signal } as const
  for (let calls = 0; calls < 3; calls++)
    expect(await client.call(call)).toMatchObject({ body: { status: 'ok' } })
  expect(leftAtSignal(signal)).toBe(0)
})
