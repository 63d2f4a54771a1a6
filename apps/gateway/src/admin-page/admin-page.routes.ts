import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { toProblem } from '@emailauth/contracts/problems'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

// Scripts come from here only. The component library sets styles inline.
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
}

const NOT_BUILT = 'The admin app is not built; see the README.'

/** The admin app's files under `/admin/`; every path of it that names no file is the app's own page. */
export function adminPageRoutes(app: FastifyInstance, folder: string): void {
  app.get('/', async (_request, reply) => reply.redirect('/admin/'))
  app.get('/admin', async (_request, reply) => reply.redirect('/admin/', 301))

  void app.register(
    async (scope) => {
      await scope.register(fastifyHelmet, {
        contentSecurityPolicy: CONTENT_SECURITY_POLICY,
        // Only the proxy in front knows whether there is TLS.
        hsts: false,
      })
      const isBuilt = existsSync(join(folder, 'index.html'))
      if (isBuilt) {
        await scope.register(fastifyStatic, {
          root: folder,
          cacheControl: false,
          // The build leaves a brotli and a gzip form beside each text.
          preCompressed: true,
          setHeaders: setCaching,
        })
      }
      scope.setNotFoundHandler(async (request, reply) => {
        const isPage = ['GET', 'HEAD'].includes(request.method) && !request.url.startsWith('/admin/assets/')
        if (isBuilt && isPage) return reply.code(200).sendFile('index.html')
        const detail = isBuilt ? 'There is no such file.' : NOT_BUILT
        return sendProblem(request, reply, toProblem('not-found', detail))
      })
    },
    { prefix: '/admin' },
  )
}

interface HeaderTarget {
  setHeader(name: string, value: string): unknown
}

/** Files under `assets/` have a digest in their names and never change. All other files are revalidated. */
function setCaching(reply: HeaderTarget, path: string): void {
  const isHashed = path.includes(`${sep}assets${sep}`)
  reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}
