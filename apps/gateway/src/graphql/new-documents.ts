import { createClientRate } from '@emailauth/service/client-rate'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { NEEDS_KEY } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { sendError } from '../http/media-types.ts'
import { type DocumentBudgets, tooManyDocuments } from './document-budgets.ts'
import type { DocumentStore } from './document-store.ts'
import type { PersistedDocuments } from './persisted-documents.ts'

/** New documents of one client without a valid key or session, which have to be parsed and validated. */
export const STRANGERS_RATE = { most: 300, windowMs: 60_000 } as const

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
   * stranger sent a key, because a client with a revoked key must learn that waiting does not help.
   */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
  /** Call it when the new document of a request was parsed and does not reach Apollo, which counts others. */
  parsed(request: FastifyRequest): void
}

export interface NewDocumentsOptions {
  readonly identify: Identify
  /** The dashboard's documents, which never count: an admin signs in with them. */
  readonly persisted: PersistedDocuments
  /** Knows which documents need not be parsed. */
  readonly store: Pick<DocumentStore, 'find'>
  readonly budgets: DocumentBudgets
}

export function createNewDocuments(options: NewDocumentsOptions): NewDocuments {
  const { identify, persisted, store, budgets } = options
  const ours = new Set(persisted.values())
  const rate = createClientRate(STRANGERS_RATE)
  /** Who sent a new document. */
  const callers = new WeakMap<FastifyRequest, Caller>()

  /** A fault of the look-up is Apollo's to report, by its context. */
  const callerOf = async (request: FastifyRequest) => {
    try {
      return await identify(request)
    } catch {
      return 'unknown'
    }
  }

  const refuse = (request: FastifyRequest, reply: FastifyReply, seconds: number, message: string) =>
    sendError(request, reply.header('retry-after', seconds), {
      status: 429,
      code: 'SERVICE_UNAVAILABLE',
      message,
    })

  return {
    async limit(request, reply) {
      const text = textOf(request)
      // A request without a text costs nothing.
      if (text === undefined || ours.has(text) || store.find(text) !== undefined) return undefined
      const caller = await callerOf(request)
      if (caller === 'unknown') return undefined
      if (caller !== undefined) {
        callers.set(request, caller)
        const seconds = budgets.secondsToWait(caller)
        // It may have become known while the caller was looked up.
        if (seconds === 0 || store.find(text) !== undefined) return undefined
        return refuse(request, reply, seconds, tooManyDocuments(seconds))
      }
      const seconds = rate.secondsToWait(request.ip)
      if (seconds === 0) return undefined
      if (request.headers.authorization !== undefined)
        return sendError(request, reply.header('www-authenticate', 'Bearer'), NO_VALID_KEY)
      const message = `Without a valid API key or session a client may send ${STRANGERS_RATE.most} new documents a minute; try again in ${seconds} s.`
      return refuse(request, reply, seconds, message)
    },

    parsed: (request) => budgets.spend(callers.get(request)),
  }
}

function textOf({ method, query, body }: FastifyRequest): string | undefined {
  // Nothing is known of either yet.
  const parameters = ((method === 'GET' ? query : body) ?? {}) as { readonly query?: unknown }
  return typeof parameters.query === 'string' && parameters.query !== '' ? parameters.query : undefined
}
