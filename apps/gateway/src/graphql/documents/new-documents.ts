import { finished } from 'node:stream'
import { createClientRate } from '@emailauth/service/http/client-rate'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import type { DoneFuncWithErrOrRes, FastifyReply, FastifyRequest } from 'fastify'
import { NEEDS_KEY } from '../../access/access.ts'
import type { Caller } from '../../access/caller.ts'
import { sendError } from '../../http/media-types.ts'
import { type DocumentBudgets, tooManyDocuments } from './document-budgets.ts'
import type { CountRefusal } from './document-metrics.ts'
import type { DocumentStore } from './document-store.ts'
import type { PersistedDocuments } from './persisted-documents.ts'
import { repetitionFault } from './repeated-fields.ts'

/** New documents of one client without a valid key or session, which have to be parsed and validated. */
export const STRANGERS_RATE = { most: 300, windowMs: 60_000 } as const
/** Characters of such a document. Those of the dashboard have 2,000 at most, and are known. */
export const STRANGERS_LENGTH = 8192
/** How long a document may wait for an equal one that was paid for. Then it is paid for too. */
export const EQUAL_MS = 1000

const NO_VALID_KEY = { status: 401, code: 'UNAUTHENTICATED', message: NEEDS_KEY } as const

/** Who the caller of a request is; undefined: a stranger. */
type Identify = (request: FastifyRequest) => Caller | undefined | Promise<Caller | undefined>

/**
 * Bounds what callers make the gateway parse and validate. An unknown document costs some milliseconds of
 * the event loop, so a few hundred in a second would leave no time for others.
 */
export interface NewDocuments {
  /**
   * A `preHandler` hook. Answers 429 to a tenant or a stranger with too many unknown documents, or 401 if the
   * stranger sent a key, because a client with a revoked key must learn that waiting does not help. Answers
   * 400 to a document that would take too long to validate.
   */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
  /** An `onSend` hook: the document of this request has been parsed by now, or will never be. */
  answered(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: DoneFuncWithErrOrRes): void
}

export interface NewDocumentsOptions {
  readonly identify: Identify
  /** The dashboard's documents, which never count: an admin signs in with them. */
  readonly persisted: PersistedDocuments
  /** Knows which documents need not be parsed. */
  readonly store: Pick<DocumentStore, 'find' | 'onKnown'>
  readonly budgets: DocumentBudgets
  readonly refused: CountRefusal
}

export function createNewDocuments(options: NewDocumentsOptions): NewDocuments {
  const { identify, persisted, store, budgets, refused } = options
  const ours = new Set(persisted.values())
  const rate = createClientRate(STRANGERS_RATE)
  /** Documents that were paid for, by tenant and text: each ends when it is known, or has an answer. */
  const paid = new Map<string, Promise<void>>()
  const endOf = new WeakMap<FastifyRequest, () => void>()

  /** A fault of the look-up is Apollo's to report, by its context. */
  const callerOf = async (request: FastifyRequest) => {
    try {
      return await identify(request)
    } catch {
      return 'unknown'
    }
  }

  const tooMany = (request: FastifyRequest, reply: FastifyReply, seconds: number, message: string) =>
    sendError(request, reply.header('retry-after', seconds), {
      status: 429,
      code: 'SERVICE_UNAVAILABLE',
      message,
    })

  const badDocument = (request: FastifyRequest, reply: FastifyReply, message: string) =>
    sendError(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })

  function refuseRepetition(request: FastifyRequest, reply: FastifyReply, text: string) {
    const fault = repetitionFault(text)
    return fault === undefined ? undefined : badDocument(request, reply, fault)
  }

  function refuseStranger(request: FastifyRequest, reply: FastifyReply, text: string) {
    const seconds = rate.secondsToWait(request.ip)
    if (seconds === 0)
      return text.length > STRANGERS_LENGTH ? badDocument(request, reply, TOO_LONG) : undefined
    refused('stranger')
    if (request.headers.authorization !== undefined)
      return sendError(request, reply.header('www-authenticate', 'Bearer'), NO_VALID_KEY)
    const message = `Without a valid API key or session a client may send ${STRANGERS_RATE.most} new documents a minute; try again in ${seconds} s.`
    return tooMany(request, reply, seconds, message)
  }

  /**
   * Equal documents of a tenant that come at once are paid for once, as they are parsed once: the others wait
   * until it is known. If it was refused, the next one pays.
   */
  async function secondsToWait(caller: Caller, text: string, request: FastifyRequest, reply: FastifyReply) {
    // Tenants do not wait for each other. An id has no line break.
    const name = `${caller.tenantId}\n${text}`
    const latest = performance.now() + EQUAL_MS
    for (let first = paid.get(name); first !== undefined; first = paid.get(name)) {
      const remainingMs = latest - performance.now()
      if (remainingMs <= 0) break
      await waitAtMost(remainingMs, first)
    }
    if (store.find(text) !== undefined) return 0
    const seconds = budgets.take(caller, text)
    if (seconds === 0) paid.set(name, untilOver(name, text, request, reply))
    return seconds
  }

  const untilOver = (name: string, text: string, request: FastifyRequest, reply: FastifyReply) => {
    const over = new Promise<void>((resolve) => {
      const end = () => {
        stopWaiting()
        if (paid.get(name) === over) paid.delete(name)
        resolve()
      }
      const stopWaiting = store.onKnown(text, end)
      endOf.set(request, end)
      // One that becomes a socket has no answer.
      finished(reply.raw, end)
    })
    return over
  }

  return {
    async limit(request, reply) {
      const text = textOf(request)
      // A request without a text costs nothing.
      if (text === undefined || ours.has(text) || store.find(text) !== undefined) return undefined
      const caller = await callerOf(request)
      if (caller === undefined) {
        const refusal = refuseStranger(request, reply, text)
        if (refusal !== undefined) return refusal
      } else if (caller !== 'unknown' && caller.tenantId !== undefined) {
        const seconds = await secondsToWait(caller, text, request, reply)
        if (seconds > 0) return tooMany(request, reply, seconds, tooManyDocuments(seconds))
        if (store.find(text) !== undefined) return undefined
      }
      return refuseRepetition(request, reply, text)
    },
    answered(request, _reply, payload, done) {
      endOf.get(request)?.()
      done(null, payload)
    },
  }
}

const TOO_LONG = `Without a valid API key or session a document may have ${STRANGERS_LENGTH} characters.`

function textOf({ method, query, body }: FastifyRequest): string | undefined {
  // Nothing is known of either yet.
  const parameters = ((method === 'GET' ? query : body) ?? {}) as { readonly query?: unknown }
  return typeof parameters.query === 'string' && parameters.query !== '' ? parameters.query : undefined
}
