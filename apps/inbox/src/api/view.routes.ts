import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { contentIds, htmlForView } from '../mail/html-for-view.ts'
import { parseMime } from '../mail/mail.ts'
import type { MessageStore } from '../store.ts'
import { fault, messageOfName, notFound } from './requests.ts'

const VIEW = /^(.+)\.(html|txt)$/

const optionsShape = z.object({
  embed: z.string().optional().catch(undefined),
  remote: z.string().optional().catch(undefined),
  scheme: z.enum(['light', 'dark']).optional().catch(undefined),
})

/**
 * The mail's own HTML is a stranger's. It runs no script, sends no form, has no origin, and loads pictures
 * of other servers only when asked to.
 */
function policyOf(remote: boolean): string {
  const elsewhere = remote ? ' https: http:' : ''
  return [
    "default-src 'none'",
    `style-src 'unsafe-inline'${elsewhere}`,
    `img-src 'self' data:${elsewhere}`,
    `font-src data:${elsewhere}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')
}

/** What a person sees of a mail, for tests in a browser and for the page's frame. */
export function addViewRoutes(app: FastifyInstance, store: MessageStore): void {
  app.get('/view/:name', async (request, reply) => {
    // Named in the path of the route.
    const { name } = request.params as { name: string }
    const [, id = name, format] = VIEW.exec(name) ?? []
    const message = messageOfName(store, id, request)
    if (format === undefined) return reply.redirect(message === undefined ? '/' : `/#/message/${message.id}`)
    if (message === undefined) return notFound(reply)
    const email = await parseMime(message.mail.raw)
    if (format === 'txt') return reply.type('text/plain; charset=utf-8').send(email.text ?? '')
    if (!email.html) return fault(reply, 404, 'this message has no HTML')
    const { embed, remote, scheme } = optionsShape.parse(request.query)
    const html = htmlForView(email.html, {
      parts: contentIds(email.attachments, `/api/v1/message/${message.id}/part/`),
      opensTabs: embed === '1',
      scheme,
    })
    reply.header('content-security-policy', policyOf(remote === '1'))
    return reply.type('text/html; charset=utf-8').send(html)
  })
}
