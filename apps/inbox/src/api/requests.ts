import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { parseDate, timeZoneOf } from '../search/dates.ts'
import { searchMessages } from '../search/search.ts'
import type { Message, MessageStore } from '../store.ts'

/** A start or limit that makes no sense is as good as none: so does Mailpit. */
const pageShape = z.object({
  start: z.coerce.number().int().min(0).catch(0),
  limit: z.coerce.number().int().min(0).default(50).catch(50),
})
const textsShape = z.object({
  query: z.string().trim().catch(''),
  tz: z.string().trim().catch(''),
  before: z.string().trim().catch(''),
})
const idShape = z.object({ id: z.string() })

interface Asked {
  readonly params: unknown
  readonly query: unknown
}

/** Which part of a list is asked for. */
export const pageOf = (request: Asked) => pageShape.parse(request.query)

/** The search of a request and its time zone; empty without one. */
export const queryOf = (request: Asked) => textsShape.parse(request.query)

/** A parameter that is not there narrows nothing down, so the caller would take all for a part. */
export function unknownParameter(request: Asked, known: readonly string[]): string | undefined {
  return Object.keys(request.query as object).find((name) => !known.includes(name))
}

/** Messages that came before the time in `before`, or all. */
export function receivedBefore(messages: readonly Message[], request: Asked): readonly Message[] {
  const { before, tz } = queryOf(request)
  if (before === '') return messages
  const limit = parseDate(before, timeZoneOf(tz))
  return messages.filter(({ receivedAt }) => receivedAt.getTime() < limit)
}

/** The message of the path's id; `latest` is the newest, or the newest that fits `query`. */
export function findMessage(store: MessageStore, request: Asked): Message | undefined {
  return messageOfName(store, idShape.parse(request.params).id, request)
}

export function messageOfName(store: MessageStore, id: string, request: Asked): Message | undefined {
  if (id !== 'latest') return store.find(id)
  const { query, tz } = queryOf(request)
  return searchMessages(store.list(), query, tz)[0]
}

/** The JSON of a body of any content type; undefined when it is none. */
export function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body))
  } catch {
    return undefined
  }
}

export function fault(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ Error: message })
}

export function notFound(reply: FastifyReply): FastifyReply {
  return fault(reply, 404, 'message not found')
}

/** What Mailpit answers to a change. */
export function ok(reply: FastifyReply): FastifyReply {
  return reply.type('text/plain').send('ok')
}
