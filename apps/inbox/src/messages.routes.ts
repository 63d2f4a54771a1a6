import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { headersOf, listOf, messageOf } from './message-replies.ts'
import { searchMessages } from './search.ts'
import type { Message, MessageStore } from './store.ts'

/** A start or limit that makes no sense is as good as none: so does Mailpit. */
const page = z.object({
  start: z.coerce.number().int().min(0).catch(0),
  limit: z.coerce.number().int().min(0).default(50).catch(50),
})
const query = z.object({ query: z.string().trim().catch('') })
const params = z.object({ id: z.string() })
const deletion = z.object({ IDs: z.array(z.string()).nullish() })

/** The part of Mailpit's API that tests need. Faults are `{"Error": "…"}`. */
export function addMessageRoutes(app: FastifyInstance, store: MessageStore): void {
  // Mailpit asks for no content type, and takes an empty body as "all".
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.get('/api/v1/messages', async (request) => {
    const all = store.list()
    return listOf(all, all, page.parse(request.query))
  })

  app.get('/api/v1/search', async (request, reply) => {
    const wanted = query.parse(request.query).query
    if (wanted === '') return fault(reply, 400, 'no search query')
    const all = store.list()
    return listOf(all, searchMessages(all, wanted), page.parse(request.query))
  })

  app.get('/api/v1/message/:id', async (request, reply) => {
    const message = find(request)
    if (message === undefined) return notFound(reply)
    message.read = true
    return messageOf(message)
  })

  app.get('/api/v1/message/:id/headers', async (request, reply) => {
    const message = find(request)
    return message === undefined ? notFound(reply) : headersOf(message)
  })

  app.get('/api/v1/message/:id/raw', async (request, reply) => {
    const message = find(request)
    if (message === undefined) return notFound(reply)
    return reply.type('text/plain; charset=utf-8').send(message.mail.raw)
  })

  app.delete('/api/v1/messages', async (request, reply) => {
    const read = deletion.safeParse(request.body ? parseJson(request.body) : {})
    if (!read.success)
      return fault(reply, 400, 'the body must be {"IDs": ["…"]}, or nothing for all messages')
    if (read.data.IDs?.length) store.remove(read.data.IDs)
    else store.clear()
    return reply.type('text/plain').send('ok')
  })

  /** The message of this id; `latest` is the newest, or the newest that fits `query`. */
  function find(request: { readonly params: unknown; readonly query: unknown }): Message | undefined {
    const { id } = params.parse(request.params)
    if (id !== 'latest') return store.find(id)
    const wanted = query.parse(request.query).query
    return wanted === '' ? store.list()[0] : searchMessages(store.list(), wanted)[0]
  }
}

function fault(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ Error: message })
}

function notFound(reply: FastifyReply): FastifyReply {
  return fault(reply, 404, 'message not found')
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body))
  } catch {
    return undefined
  }
}
