import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { searchMessages } from '../search/search.ts'
import type { MessageStore } from '../store.ts'
import { listOf } from './message-replies.ts'
import { fault, ok, pageOf, parseJson, queryOf, receivedBefore, unknownParameter } from './requests.ts'

const deletion = z.object({ IDs: z.array(z.string()).nullish() })
const readState = z.object({
  IDs: z.array(z.string()).nullish(),
  Search: z.string().nullish(),
  Read: z.boolean().nullish(),
})

const LIST_PARAMETERS = ['start', 'limit', 'before', 'tz']
const SEARCH_PARAMETERS = [...LIST_PARAMETERS, 'query']

/** Lists of messages and what is done to many at once. */
export function addMessagesRoutes(app: FastifyInstance, store: MessageStore): void {
  app.get('/api/v1/messages', async (request, reply) => {
    const unknown = unknownParameter(request, LIST_PARAMETERS)
    if (unknown !== undefined) return refuse(reply, unknown, LIST_PARAMETERS)
    const all = store.list()
    return listOf(all, receivedBefore(all, request), pageOf(request))
  })

  app.get('/api/v1/search', async (request, reply) => {
    const unknown = unknownParameter(request, SEARCH_PARAMETERS)
    if (unknown !== undefined) return refuse(reply, unknown, SEARCH_PARAMETERS)
    const { query, tz } = queryOf(request)
    if (query === '') return fault(reply, 400, 'no search query')
    const all = store.list()
    return listOf(all, searchMessages(receivedBefore(all, request), query, tz), pageOf(request))
  })

  app.delete('/api/v1/search', async (request, reply) => {
    const unknown = unknownParameter(request, ['query', 'tz'])
    if (unknown !== undefined) return refuse(reply, unknown, ['query', 'tz'])
    const { query, tz } = queryOf(request)
    if (query === '') return fault(reply, 400, 'no search query')
    store.remove(searchMessages(store.list(), query, tz).map(({ id }) => id))
    return ok(reply)
  })

  app.delete('/api/v1/messages', async (request, reply) => {
    const unknown = unknownParameter(request, [])
    if (unknown !== undefined) return refuse(reply, unknown, [])
    const read = deletion.safeParse(request.body ? parseJson(request.body) : {})
    if (!read.success)
      return fault(reply, 400, 'the body must be {"IDs": ["…"]}, or nothing for all messages')
    if (read.data.IDs?.length) store.remove(read.data.IDs)
    else store.clear()
    return ok(reply)
  })

  app.put('/api/v1/messages', async (request, reply) => {
    const body = readState.safeParse(request.body ? parseJson(request.body) : {})
    const { IDs, Search, Read } = body.data ?? {}
    if (!body.success || (IDs?.length && Search))
      return fault(
        reply,
        400,
        'the body must be {"Read": true} with "IDs": ["…"], or "Search": "…", or neither',
      )
    const all = store.list()
    const found = Search ? searchMessages(all, Search, queryOf(request).tz) : all
    store.setRead(IDs?.length ? IDs : found.map(({ id }) => id), Read ?? false)
    return ok(reply)
  })
}

function refuse(reply: FastifyReply, unknown: string, known: readonly string[]): FastifyReply {
  const hint = unknown === 'query' ? '; GET /api/v1/search takes it' : ''
  const allowed = known.length === 0 ? 'none' : known.join(', ')
  return fault(reply, 400, `unknown parameter "${unknown}"${hint}. Allowed here: ${allowed}`)
}
