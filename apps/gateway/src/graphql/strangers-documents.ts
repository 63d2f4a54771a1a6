import { createClientRate } from '@emailauth/service/client-rate'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { NEEDS_KEY } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { sendError } from '../http/media-types.ts'
import type { DocumentStore } from './document-store.ts'
import type { DocumentTurns } from './document-turns.ts'
import type { PersistedDocuments } from './persisted-documents.ts'

/** New documents of one client without a valid key or session, which have to be parsed and validated. */
export const STRANGERS_RATE = { most: 300, windowMs: 60_000 } as const

const NO_VALID_KEY = { status: 401, code: 'UNAUTHENTICATED', message: NEEDS_KEY } as const

/** Who the caller of a request is; undefined: a stranger. */
type Identify = (request: FastifyRequest) => Caller | undefined | Promise<Caller | undefined>

/**
 * Bounds what new documents cost. An unknown one takes some milliseconds of the event loop to parse and
 * validate, so a few hundred in a second would leave no time for tenants.
 */
export interface StrangersDocuments {
  /**
   * A `preHandler` hook. Answers 429 to a stranger with too many unknown documents, or 401 if the stranger
   * sent a key, because a client with a revoked key must learn that waiting does not help. Everybody's
   * unknown documents wait for their turn, or are answered 503.
   */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
}

export interface StrangersDocumentsOptions {
  readonly identify: Identify
  /** The dashboard's documents, which never count: an admin signs in with them. */
  readonly persisted: PersistedDocuments
  /** Knows which documents need not be parsed. */
  readonly store: Pick<DocumentStore, 'find'>
  readonly turns: Pick<DocumentTurns, 'begin'>
}

export function createStrangersDocuments(options: StrangersDocumentsOptions): StrangersDocuments {
  const { identify, persisted, store, turns } = options
  const ours = new Set(persisted.values())
  const rate = createClientRate(STRANGERS_RATE)

  /** A fault of the look-up is Apollo's to report, by its context. */
  const callerOf = async (request: FastifyRequest) => {
    try {
      return await identify(request)
    } catch {
      return 'unknown'
    }
  }

  function refuseStranger(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const seconds = rate.secondsToWait(request.ip)
    if (seconds === 0) return undefined
    if (request.headers.authorization !== undefined)
      return sendError(request, reply.header('www-authenticate', 'Bearer'), NO_VALID_KEY)
    return sendError(request, reply.header('retry-after', seconds), {
      status: 429,
      code: 'SERVICE_UNAVAILABLE',
      message: `Without a valid API key or session a client may send ${STRANGERS_RATE.most} new documents a minute; try again in ${seconds} s.`,
    })
  }

  return {
    async limit(request, reply) {
      const text = textOf(request)
      // A request without a text costs nothing.
      if (text === undefined || ours.has(text) || store.find(text) !== undefined) return undefined
      const caller = await callerOf(request)
      if (caller === undefined && refuseStranger(request, reply) !== undefined) return reply
      try {
        await turns.begin(caller === 'unknown' ? undefined : caller)
        return undefined
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        const { detail: message, retryAfterSeconds = 1 } = error.problem
        return sendError(request, reply.header('retry-after', retryAfterSeconds), {
          status: 503,
          code: 'SERVICE_UNAVAILABLE',
          message,
        })
      }
    },
  }
}

function textOf({ method, query, body }: FastifyRequest): string | undefined {
  // Nothing is known of either yet.
  const parameters = ((method === 'GET' ? query : body) ?? {}) as { readonly query?: unknown }
  return typeof parameters.query === 'string' && parameters.query !== '' ? parameters.query : undefined
}
