import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { contentOf, parseMime } from '../mail/mail.ts'
import type { MessageStore } from '../store.ts'
import { headersOf, messageOf } from './message-replies.ts'
import { fault, findMessage, notFound } from './requests.ts'

/** A part is a stranger's file, so it runs nothing and has no origin. */
const PART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
/** Shown by browsers; everything else is offered as a download. */
const SHOWN = /^(image\/[\w.+-]+|text\/plain)$/
const PLAIN_TYPE = /^[\w.+-]+\/[\w.+-]+$/

const partShape = z.object({ part: z.coerce.number().int().min(1).catch(0) })

/** One message: whole, its headers, its source and its parts. */
export function addMessageRoutes(app: FastifyInstance, store: MessageStore): void {
  app.get('/api/v1/message/:id', async (request, reply) => {
    const message = findMessage(store, request)
    if (message === undefined) return notFound(reply)
    store.setRead([message.id], true)
    return messageOf(message)
  })

  app.get('/api/v1/message/:id/headers', async (request, reply) => {
    const message = findMessage(store, request)
    return message === undefined ? notFound(reply) : headersOf(message)
  })

  app.get('/api/v1/message/:id/raw', async (request, reply) => {
    const message = findMessage(store, request)
    if (message === undefined) return notFound(reply)
    // A parsed query is an object.
    if ((request.query as { dl?: unknown }).dl === '1')
      reply.header('content-disposition', `attachment; filename="${message.id}.eml"`)
    return reply.type('text/plain; charset=utf-8').send(message.mail.raw)
  })

  app.get('/api/v1/message/:id/part/:part', async (request, reply) => {
    const message = findMessage(store, request)
    if (message === undefined) return notFound(reply)
    const { attachments } = await parseMime(message.mail.raw)
    const part = attachments[partShape.parse(request.params).part - 1]
    if (part === undefined) return fault(reply, 404, 'this message has no such part')
    const type = PLAIN_TYPE.test(part.mimeType) ? part.mimeType : 'application/octet-stream'
    const kind = SHOWN.test(type) ? 'inline' : 'attachment'
    // The frame that shows the mail has no origin, so its pictures count as read from elsewhere.
    reply.header('cross-origin-resource-policy', 'cross-origin')
    reply.header('content-security-policy', PART_POLICY)
    reply.header('content-disposition', `${kind}; filename*=UTF-8''${encodeName(part.filename ?? 'part')}`)
    return reply.type(type).send(contentOf(part))
  })
}

/** RFC 5987. A lone surrogate has no UTF-8 and becomes the replacement character. */
function encodeName(name: string): string {
  return encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
}
