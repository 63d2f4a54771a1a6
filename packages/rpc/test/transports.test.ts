import { Readable } from 'node:stream'
import { toProblem } from '@emailauth/contracts/problems'
import { buildServiceApp } from '@emailauth/service/app'
import { startDraining } from '@emailauth/service/draining'
import { createLongPoll } from '@emailauth/service/long-poll'
import { ProblemError } from '@emailauth/service/problem-error'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRpcClient } from '../src/client/client.ts'
import { createHttpTransport } from '../src/client/http/transport.ts'
import { createMemoryTransport } from '../src/client/memory/transport.ts'
import { LostReply, type Transport } from '../src/client/transport.ts'
import { serveBatches } from '../src/server/batches.ts'

// The contract of a transport: whatever a service is called by, the same call has the same reply.

const serviceToken = 't'.repeat(32)
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** What a test lets the service do, and what the service saw. */
interface Script {
  /** Resolves when the service may answer. */
  gate: Promise<void>
  readonly asked: unknown[]
  readonly hungUp: string[]
}

const item = z.object({ name: z.string().max(10), note: z.string().optional() })
const result = z.union([
  z.object({ said: z.string(), note: z.string().optional() }),
  z.object({ problem: z.looseObject({ code: z.string() }) }),
])
type Item = z.input<typeof item>
type Result = z.output<typeof result>

/** Items named "refused" fail by themselves, and one named "broken" breaks the service. */
function answerItem({ name, note }: Item): Result {
  if (name === 'refused') return { problem: toProblem('email-rejected', 'no such mailbox') }
  if (name === 'broken') throw new Error('a secret of the service')
  if (name === 'away') throw new ProblemError('unavailable', 'the store is away', { tookEffect: false })
  return { said: name, note }
}

async function buildService(script: Script): Promise<FastifyInstance> {
  const batch = z.object({ requests: z.array(item).min(1).max(8) })
  return buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    logger: undefined,
    readyChecks: [],
    routes: (app, metrics) => {
      const batches = serveBatches(app, { metrics })
      batches.addReplyHeader('x-test-time', () => '17')
      batches.add({
        path: '/v1/items/batch',
        summary: 'Says them again',
        body: batch,
        reply: z.object({ results: z.array(result) }),
        async answer({ requests }) {
          script.asked.push(requests)
          await script.gate
          return { results: requests.map(answerItem) }
        },
      })
      batches.addParts({
        path: '/v1/parts/batch',
        body: batch,
        async answer({ requests }, _call, sendPart) {
          script.asked.push(requests)
          for (const [index, request] of requests.entries()) {
            if (request.name === 'late') await script.gate
            sendPart(request.name === 'invalid' ? { index, said: 7 } : { index, ...answerItem(request) })
          }
        },
      })
      // The plain form of that route, which a process is asked with that has no stream yet.
      app.post('/v1/parts/batch', { schema: { body: batch } }, async ({ body }, reply) => {
        script.asked.push(body.requests)
        const lines = async function* () {
          for (const [index, request] of body.requests.entries()) {
            if (request.name === 'late') await script.gate
            const part = request.name === 'invalid' ? { said: 7 } : answerItem(request)
            yield `${JSON.stringify({ index, ...part })}\n`
          }
        }
        return reply
          .type('application/x-ndjson')
          .serializer(String)
          .send(Readable.from(lines()) as never)
      })
      app.get('/v1/items', { schema: { querystring: z.object({ name: z.string() }) } }, async ({ query }) => {
        script.asked.push(query)
        await script.gate
        return answerItem(query)
      })
      app.delete('/v1/items', async (_request, reply) => reply.code(204).send())
      const longPoll = createLongPoll(app)
      app.post('/v1/waits', async (_request, reply) => {
        script.asked.push('wait')
        const found = await longPoll(reply, { look: async () => [], isEmpty: () => true, waitSeconds: 60 })
        script.hungUp.push('wait')
        return found
      })
      app.get('/v1/live', async (_request, reply) => {
        reply.raw.once('close', () => script.hungUp.push('live'))
        const chunks = async function* () {
          yield 'one\n'
          await script.gate
          yield 'two\n'
          await new Promise(() => {})
        }
        return reply
          .type('text/event-stream')
          .serializer(String)
          .send(Readable.from(chunks()) as never)
      })
    },
  })
}

const TRANSPORTS = {
  async HTTP(app: FastifyInstance, maxOpen?: number) {
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    return createHttpTransport({ name: 'test', url, serviceToken, maxPooled: maxOpen })
  },
  async 'in memory'(app: FastifyInstance, maxOpen?: number) {
    await app.ready()
    return createMemoryTransport({ name: 'test', app, serviceToken, maxOpen })
  },
} satisfies Record<string, (app: FastifyInstance, maxOpen?: number) => Promise<Transport>>

const KINDS = Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[]

describe.each(KINDS)('%s', (kind) => {
  async function start({ timeoutMs = 60_000, gate = Promise.resolve(), maxOpen = 64 } = {}) {
    const script: Script = { gate, asked: [], hungUp: [] }
    const app = await buildService(script)
    ends.push(() => app.close())
    const opened = await TRANSPORTS[kind](app, maxOpen)
    const sent: string[] = []
    const transport: Transport = {
      ...opened,
      send(exchange) {
        sent.push(exchange.path)
        return opened.send(exchange)
      },
    }
    ends.push(() => transport.close().catch(() => {}))
    const times: unknown[] = []
    const onReply = (headers: Readonly<Record<string, unknown>>) => times.push(headers['x-test-time'])
    const rpc = createRpcClient({ name: 'test', transport, timeoutMs, onReply })
    const route = {
      result,
      batch: { max: 8, until: 'turn' },
      retry: { unavailable: false, withinMs: 60_000 },
    } as const
    return {
      app,
      script,
      rpc,
      transport,
      sent,
      times,
      batch: rpc.batch<Item, Result>({ path: '/v1/items/batch', ...route }),
      parts: rpc.batch<Item, Result>({ path: '/v1/parts/batch', ...route, streamed: true }),
    }
  }

  /** A promise, and what resolves it. */
  function closedGate() {
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    ends.push(async () => open())
    return { gate, open }
  }

  test('calls of one turn are one batch, and each has its own reply', async () => {
    const { batch, script } = await start()
    const replies = ['a', 'refused', 'ñ€😀'].map((name) => batch({ name }, `r-${name}`))
    expect(await Promise.all(replies)).toEqual([
      { said: 'a' },
      { problem: toProblem('email-rejected', 'no such mailbox') },
      { said: 'ñ€😀' },
    ])
    expect(script.asked).toHaveLength(1)
  })

  test('a field that is undefined is absent at both ends', async () => {
    const { batch, script } = await start()
    expect(Object.keys(await batch({ name: 'a', note: undefined }, 'r'))).toEqual(['said'])
    expect(script.asked).toEqual([[{ name: 'a' }]])
    expect(Object.keys((script.asked as Item[][])[0]?.[0] ?? {})).toEqual(['name'])
  })

  test('what the service changes in a request, the caller does not see, and the other way round', async () => {
    const { transport, script } = await start()
    const body = { requests: [{ name: 'a' }] }
    const exchange = { method: 'POST', path: '/v1/items/batch', body, isBatch: true } as const
    const how = { headers: { 'x-request-id': 'r' }, timeoutMs: 60_000, onNewConnection: false }
    await transport.send({ ...exchange, ...how })
    const [asked] = script.asked as { name: string }[][]
    expect(asked).toEqual(body.requests)
    for (const request of asked ?? []) request.name = 'changed'
    expect(body.requests).toEqual([{ name: 'a' }])
  })

  test('headers of replies are those of the service', async () => {
    const { batch, rpc, times } = await start()
    await batch({ name: 'first' }, 'r')
    await rpc.call({ method: 'GET', path: '/v1/items?name=a', reply: result })
    expect(times).toHaveLength(2)
  })

  test.each([
    ['a batch with an invalid item', 'much too long a name', 'bad-input', 'requests.0.name'],
    ['a batch while the store is away', 'away', 'unavailable', undefined],
    ['a batch that meets a fault of the service', 'broken', 'internal', undefined],
  ])('%s: the same problem, and the fault itself stays inside', async (_what, name, code, field) => {
    const { batch, parts } = await start()
    for (const call of [batch, parts]) {
      const error = await call({ name }, 'r1').catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ problem: { code, ...(field === undefined ? {} : { field }) } })
      expect(`${error} ${(error as Error).cause}`).not.toContain('secret')
      if (call === batch)
        expect(`${error} ${(error as Error).cause}`).toContain(code === 'bad-input' ? 'name' : 'request r1')
    }
  })

  test('a single call: its body, its problem, and an empty reply', async () => {
    const { rpc } = await start()
    const get = (name: string) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${encodeURIComponent(name)}`, reply: result })
    expect(await get('a&b=?ñ')).toEqual({ body: { said: 'a&b=?ñ' } })
    await expect(get('away')).rejects.toMatchObject({ problem: { code: 'unavailable', tookEffect: false } })
    await expect(get('broken')).rejects.toMatchObject({ problem: { code: 'internal' } })
    expect(await rpc.call({ method: 'GET', path: '/v1/nothing', reply: z.unknown() })).toMatchObject({
      problem: { code: 'not-found' },
    })
    expect(await rpc.call({ method: 'DELETE', path: '/v1/items', reply: z.undefined() })).toEqual({
      body: undefined,
    })
    await rpc.ready()
  })

  test('calls beyond the limit wait, within their time-out', async () => {
    const { gate, open } = closedGate()
    const { rpc, script } = await start({ gate, maxOpen: 2 })
    const call = (name: string, more = {}) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${name}`, reply: result, ...more })
    const names = () => (script.asked as { name: string }[]).map(({ name }) => name).sort()
    const first = Promise.all([call('a'), call('b')])
    await eventually(() => expect(names()).toEqual(['a', 'b']))
    const both = Promise.all([first, call('c')])
    await expect(call('late', { timeoutMs: 50, withinMs: 50 })).rejects.toBeInstanceOf(LostReply)
    expect(names()).toEqual(['a', 'b'])
    open()
    const [, waited] = await both
    expect(waited).toEqual({ body: { said: 'c' } })
    // The one that gave up is not asked for any more.
    expect(names()).toEqual(['a', 'b', 'c'])
  })

  test('calls that gave up while they waited keep none behind them waiting', async () => {
    const { gate, open } = closedGate()
    const { rpc, script } = await start({ gate, maxOpen: 1 })
    const call = (name: string, more = {}) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${name}`, reply: result, ...more })
    const first = call('first')
    await eventually(() => expect(script.asked).toHaveLength(1))
    const cut = new AbortController()
    const late = ['a', 'b', 'c'].map((name) => call(name, { signal: cut.signal }).catch((e: unknown) => e))
    const behind = call('behind')
    cut.abort()
    for (const error of await Promise.all(late)) expect(error).toBeInstanceOf(LostReply)
    open()
    await first
    expect(await behind).toEqual({ body: { said: 'behind' } })
  })

  test('a call that gave up makes room for another, though the service still works on it', async () => {
    const { gate } = closedGate()
    const { rpc } = await start({ gate, maxOpen: 1 })
    const late = { path: '/v1/items?name=late', reply: result, timeoutMs: 50, withinMs: 50 }
    await expect(rpc.call({ method: 'GET', ...late })).rejects.toBeInstanceOf(LostReply)
    expect(await rpc.call({ method: 'DELETE', path: '/v1/items', reply: z.undefined() })).toEqual({
      body: undefined,
    })
  })

  test('a body over the limit is refused', async () => {
    const { rpc } = await start()
    const body = { text: 'x'.repeat(5 * 1024 * 1024) }
    const call = rpc.call({ method: 'POST', path: '/v1/waits', body, reply: z.unknown() })
    const refusal = await call.then(
      (reply) => reply,
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ problem: { code: 'payload-too-large' } })
  })

  test('parts arrive one by one: none waits for a slower one', async () => {
    const { gate, open } = closedGate()
    const { parts } = await start({ gate })
    const [quick, refused, late] = ['quick', 'refused', 'late'].map((name) => parts({ name }, 'r'))
    expect(await quick).toEqual({ said: 'quick' })
    expect(await refused).toMatchObject({ problem: { code: 'email-rejected' } })
    open()
    expect(await late).toEqual({ said: 'late' })
  })

  test('an invalid part is a lost reply, asked for once more, and the service works on', async () => {
    const { parts, script } = await start()
    const [good, invalid] = ['good', 'invalid'].map((name) => parts({ name }, 'r'))
    expect(await good).toEqual({ said: 'good' })
    await expect(invalid).rejects.toMatchObject({ problem: { code: 'unavailable' } })
    expect(script.asked).toHaveLength(2)
    expect(await parts({ name: 'next' }, 'r')).toEqual({ said: 'next' })
  })

  test('a reply that comes too late is lost: a batch is sent once more, a change is not', async () => {
    const { gate } = closedGate()
    const { batch, rpc, sent } = await start({ timeoutMs: 100, gate })
    await expect(batch({ name: 'a' }, 'r1')).rejects.toBeInstanceOf(LostReply)
    expect(sent).toEqual(['/v1/items/batch', '/v1/items/batch'])
    const change = rpc.call({ method: 'POST', path: '/v1/waits', body: {}, reply: z.unknown() })
    await expect(change).rejects.toBeInstanceOf(LostReply)
    expect(sent).toEqual(['/v1/items/batch', '/v1/items/batch', '/v1/waits'])
  })

  test('a call that is cut off is lost, and the service sees that its caller is gone', async () => {
    const { rpc, script } = await start()
    const cut = new AbortController()
    const call = rpc.call({
      method: 'POST',
      path: '/v1/waits',
      body: {},
      reply: z.unknown(),
      signal: cut.signal,
    })
    const lost = expect(call).rejects.toBeInstanceOf(LostReply)
    await eventually(() => expect(script.asked).toEqual(['wait']))
    cut.abort()
    await lost
    await eventually(() => expect(script.hungUp).toEqual(['wait']))
    const gone = rpc.call({
      method: 'POST',
      path: '/v1/waits',
      reply: z.unknown(),
      signal: AbortSignal.abort(),
    })
    await expect(gone).rejects.toBeInstanceOf(LostReply)
  })

  test('closing waits for the calls that run', async () => {
    const { gate, open } = closedGate()
    const { transport, script } = await start({ gate })
    let hasReply = false
    const how = { headers: { 'x-request-id': 'r' }, timeoutMs: 60_000, onNewConnection: false }
    const body = { requests: [{ name: 'a' }] }
    const call = transport.send({ method: 'POST', path: '/v1/items/batch', body, isBatch: true, ...how })
    void call.then(() => {
      hasReply = true
    })
    await eventually(() => expect(script.asked).toHaveLength(1))
    const closed = transport.close().then(() => hasReply)
    open()
    expect(await closed).toBe(true)
  })

  test('a service that drains is ready for its callers', async () => {
    const { app, rpc } = await start()
    startDraining(app)
    expect((await app.inject('/readyz')).statusCode).toBe(503)
    await rpc.ready()
  })

  test('a service that is closed is unavailable at once, and nothing was sent', async () => {
    const { app, batch, rpc } = await start()
    await app.close()
    const error = await batch({ name: 'a' }, 'r').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ problem: { code: 'unavailable' } })
    expect(error).not.toBeInstanceOf(LostReply)
    await expect(rpc.ready()).rejects.toThrow()
  })

  test('calls that run while a service closes are answered', async () => {
    const { gate, open } = closedGate()
    const { app, batch, script } = await start({ gate })
    const call = batch({ name: 'a' }, 'r')
    await eventually(() => expect(script.asked).toHaveLength(1))
    const closed = app.close()
    open()
    expect(await call).toEqual({ said: 'a' })
    await closed
  })

  describe('a stream', () => {
    const live = (transport: Transport, { quietMs = 60_000, signal = new AbortController().signal } = {}) =>
      transport.stream({ path: '/v1/live', headers: { 'x-request-id': 'r' }, signal, quietMs })

    test('comes as it is written, and the service sees when it is cut off', async () => {
      const { gate, open } = closedGate()
      const { transport, script } = await start({ gate })
      const cut = new AbortController()
      const chunks = (await live(transport, { signal: cut.signal }))[Symbol.asyncIterator]()
      expect(String((await chunks.next()).value)).toBe('one\n')
      open()
      expect(String((await chunks.next()).value)).toBe('two\n')
      const end = expect(chunks.next()).rejects.toThrow()
      cut.abort()
      await end
      await eventually(() => expect(script.hungUp).toEqual(['live']))
    })

    test('that nobody reads any more is cut off', async () => {
      const { transport, script } = await start()
      for await (const chunk of await live(transport)) if (String(chunk).includes('one')) break
      await eventually(() => expect(script.hungUp).toEqual(['live']))
    })

    test('that says nothing for long fails', async () => {
      const { gate } = closedGate()
      const { transport } = await start({ gate })
      const read = async () => {
        for await (const chunk of await live(transport, { quietMs: 100 })) expect(String(chunk)).toBe('one\n')
      }
      await expect(read()).rejects.toThrow()
    })

    test('that the service refuses fails', async () => {
      const { transport } = await start()
      const signal = new AbortController().signal
      const call = { path: '/v1/nothing', headers: { 'x-request-id': 'r' }, signal, quietMs: 60_000 }
      await expect(transport.stream(call)).rejects.toThrow('404')
    })
  })
})

test('a token that is not the service’s is refused in memory too', async () => {
  const app = await buildService({ gate: Promise.resolve(), asked: [], hungUp: [] })
  ends.push(() => app.close())
  await app.ready()
  const transport = createMemoryTransport({ name: 'test', app, serviceToken: 'x'.repeat(32) })
  const rpc = createRpcClient({ name: 'test', transport, timeoutMs: 60_000 })
  expect(await rpc.call({ method: 'GET', path: '/v1/items?name=a', reply: result })).toMatchObject({
    problem: { code: 'unauthenticated' },
  })
})
