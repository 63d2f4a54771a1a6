import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@emailauth/service/error-code'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { prefersHtml } from '../http/media-types.ts'
import { varyBy } from '../http/vary.ts'

// Monaco, GraphiQL's editor, sets styles inline and runs workers; nothing comes from anywhere else.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SENTENCE =
  'This is the GraphQL API of emailauth, for programs: they POST their documents here, with an API key. The schema is at /schema.graphql.\n'

export interface BrowserPageOptions {
  /** Where the built GraphiQL lies; undefined: this gateway has none, as in production. */
  readonly folder: string | undefined
}

/** The files of GraphiQL under `/graphiql/`; its page itself is shown at `/graphql`. */
export function graphiqlRoutes(app: FastifyInstance, { folder }: BrowserPageOptions): void {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
    })
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/graphiql/assets/',
      immutable: true,
      maxAge: '1y',
    })
  })
}

/** Answers a browser at `GET /graphql` with a page; everything else goes on. */
export function answerBrowsers({ folder }: BrowserPageOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { accept, upgrade } = request.headers
    if (upgrade !== undefined || !prefersHtml(accept)) return undefined
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
    varyBy(reply, 'accept').header('referrer-policy', 'no-referrer')
    const page = folder === undefined ? undefined : await readPage(folder)
    if (page !== undefined) return reply.type('text/html; charset=utf-8').send(page)
    return reply.type('text/plain; charset=utf-8').send(SENTENCE)
  }
}

const readPage = (folder: string) =>
  readFile(join(folder, 'index.html'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
