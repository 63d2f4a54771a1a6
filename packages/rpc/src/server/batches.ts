import { Readable } from 'node:stream'
import { isClosing } from '@emailauth/service/http/draining'
import type { Metrics } from '@emailauth/service/http/metrics'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { problemOf, type TranslateFault } from '@emailauth/service/http/problem-replies'
import { keepRequestOpen } from '@emailauth/service/http/request-limits'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { BATCH_STREAM_PATH, JSON_LINES } from '../frames.ts'
import {
  type BatchCall,
  type BatchReply,
  type BatchStream,
  type SendPart,
  serveBatchStream,
} from './batch-stream.ts'

export type { BatchCall }

/** A route for many calls at once. Each of them succeeds or fails by itself. */
export interface BatchRoute<Body, Reply extends object> {
  readonly path: string
  readonly summary: string
  readonly body: z.ZodType<Body>
  readonly reply: z.ZodType<Reply>
  readonly answer: (body: Body, call: BatchCall) => Promise<Reply>
}

/** A batch route that reports results one by one. A plain request for it, if any, is served elsewhere. */
export interface PartsRoute<Body> {
  readonly path: string
  readonly body: z.ZodType<Body>
  /** Resolves when all parts were sent. */
  readonly answer: (body: Body, call: BatchCall, sendPart: SendPart) => Promise<void>
}

/** The batch routes of a service. Each is called by its own request or by a line of a batch stream. */
export interface Batches {
  add<Body, Reply extends object>(route: BatchRoute<Body, Reply>): void
  /** For lines of a stream only. */
  addParts<Body>(route: PartsRoute<Body>): void
  /** Adds a header to every line of a reply, where there is a value. */
  addReplyHeader(name: string, value: () => string | undefined): void
}

/** The batch routes of an app, for callers in the same process. */
export interface LocalBatches {
  has(path: string): boolean
  /** Answers as a line of a stream is answered, without its framing. Never rejects. */
  answer(path: string, body: unknown, call: BatchCall, sendPart: SendPart): Promise<BatchReply>
}

const locals = new WeakMap<object, LocalBatches>()

/** undefined: the app has no batch routes. */
export function localBatches(app: Pick<FastifyInstance, 'server'>): LocalBatches | undefined {
  return locals.get(app.server)
}

export interface BatchesOptions {
  readonly metrics: Metrics
  /** Names faults that are no problems yet. Absent: they are all internal errors. */
  readonly translate?: TranslateFault | undefined
}

/** Makes an app serve batches: streams that stay open, and the routes that are added to what it returns. */
export function serveBatches(
  app: FastifyInstance,
  { metrics, translate = () => undefined }: BatchesOptions,
): Batches {
  const answers = new Map<string, (body: unknown, call: BatchCall, sendPart: SendPart) => Promise<object>>()
  const replyHeaders = new Map<string, () => string | undefined>()
  const open = new Set<BatchStream>()

  async function answer(
    path: string,
    body: unknown,
    call: BatchCall,
    sendPart: SendPart,
  ): Promise<BatchReply> {
    const began = performance.now()
    const { status, answered } = await statusAndAnswer(path, body, call, sendPart)
    metrics.observeRequest('POST', answers.has(path) ? path : 'none', status, performance.now() - began)
    const headers: Record<string, string> = {}
    for (const [name, value] of replyHeaders) {
      const given = value()
      if (given !== undefined) headers[name] = given
    }
    return { status, headers, body: answered }
  }

  async function statusAndAnswer(path: string, body: unknown, call: BatchCall, sendPart: SendPart) {
    try {
      const known = answers.get(path)
      if (known === undefined) throw new ProblemError('not-found', 'There is no such batch route here.')
      return { status: 200, answered: await known(body, call, sendPart) }
    } catch (error) {
      const problem = problemOf(translate(error) ?? error, call)
      return { status: problem.status, answered: { ...problem, requestId: call.id } }
    }
  }

  function addStreams(): void {
    app.addContentTypeParser(JSON_LINES, (_request, payload, done) => done(null, payload))
    app.post(BATCH_STREAM_PATH, { schema: { hide: true } }, (request, reply) => {
      const lines: unknown = request.body
      if (!(lines instanceof Readable)) throw new ProblemError('bad-input', `The body must be ${JSON_LINES}.`)
      keepRequestOpen(request)
      reply.hijack()
      const stream = serveBatchStream(lines, reply.raw, { answer, log: app.log })
      open.add(stream)
      reply.raw.once('close', () => open.delete(stream))
      // Opened after the others were drained, by a client that replaces one. Nothing else would end it, and
      // the calls on it would meet a service that has stopped its work.
      if (isClosing(app)) stream.drain()
    })
    app.addHook('preClose', async () => {
      for (const stream of open) stream.drain()
    })
  }

  locals.set(app.server, { has: (path) => answers.has(path), answer })

  return {
    add<Body, Reply extends object>({ path, summary, body, reply, answer }: BatchRoute<Body, Reply>) {
      if (answers.size === 0) addStreams()
      answers.set(path, (given, call) => answer(checked(body, given), call))
      app.post(
        path,
        { schema: { summary, body, response: { 200: reply } }, serializerCompiler: asItIs },
        // Fastify has checked it against the shape of the route.
        async (request) => answer(request.body as Body, request),
      )
    },
    addParts<Body>({ path, body, answer }: PartsRoute<Body>) {
      if (answers.size === 0) addStreams()
      answers.set(path, async (given, call, sendPart) => {
        await answer(checked(body, given), call, sendPart)
        return {}
      })
    },
    addReplyHeader: (name, value) => void replyHeaders.set(name, value),
  }
}

/** @throws {ProblemError} `bad-input` that names the invalid field. */
function checked<Body>(shape: z.ZodType<Body>, given: unknown): Body {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? ''
  throw new ProblemError('bad-input', `${field === '' ? 'The batch' : field}: ${issue?.message}`, { field })
}

/**
 * Writes a batch's reply without a second check of its shape: its types ensure it, and every reply costs.
 */
const asItIs = () => (reply: unknown) => JSON.stringify(reply)
