import { Readable } from 'node:stream'
import { toProblem } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { createChanges } from '@emailauth/service/timing/changes'
import { createLongPoll } from '@emailauth/service/timing/long-poll'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { createRpcClient } from '../src/client/client.ts'
import { createHttpTransport } from '../src/client/http/transport.ts'
import { createMemoryTransport } from '../src/client/memory/transport.ts'
import type { Transport } from '../src/client/transport.ts'
import { serveBatches } from '../src/server/batches.ts'
import { buildTestService, serviceToken } from './test-service.ts'

/** What a test lets the service do, and what the service saw. */
interface Script {
  /** Resolves when the service may answer. */
  gate: Promise<void>
  readonly asked: unknown[]
  readonly hungUp: string[]
}

const item = z.object({ name: z.string().max(10), note: z.string().optional() })
export const result = z.union([
  z.object({ said: z.string(), note: z.string().optional() }),
  z.object({ problem: z.looseObject({ code: z.string() }) }),
])
export type Item = z.input<typeof item>
type Result = z.output<typeof result>

/** Items named "refused" fail by themselves, and one named "broken" breaks the service. */
function answerItem({ name, note }: Item): Result {
  if (name === 'refused') return { problem: toProblem('email-rejected', 'no such mailbox') }
  if (name === 'broken') throw new Error('a secret of the service')
  if (name === 'away') throw new ProblemError('unavailable', 'the store is away', { tookEffect: false })
  return { said: name, note }
}

export function buildItemService(script: Script): Promise<FastifyInstance> {
  const batch = z.object({ requests: z.array(item).min(1).max(8) })
  return buildTestService((app, metrics) => {
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
      const changes = createChanges()
      const found = await longPoll(reply, {
        look: async () => [],
        isEmpty: () => true,
        waitSeconds: 60,
        changes,
      })
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

type TransportKind = keyof typeof TRANSPORTS
export const KINDS = Object.keys(TRANSPORTS) as TransportKind[]

/** That service, its client by one kind of transport, and what was sent. */
export async function startItems(
  kind: TransportKind,
  { timeoutMs = 60_000, gate = Promise.resolve(), maxOpen = 64 } = {},
) {
  const script: Script = { gate, asked: [], hungUp: [] }
  const app = await buildItemService(script)
  const opened = await TRANSPORTS[kind](app, maxOpen)
  const sent: string[] = []
  const transport: Transport = {
    ...opened,
    send(exchange) {
      sent.push(exchange.path)
      return opened.send(exchange)
    },
  }
  onTestFinished(() => transport.close().catch(() => {}))
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
export function closedGate() {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  onTestFinished(async () => open())
  return { gate, open }
}
