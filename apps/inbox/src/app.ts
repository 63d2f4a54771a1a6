// Brings the type of `hide`, which the health routes say to the OpenAPI plugin of the services.
import type {} from '@emailauth/service/app'
import { answerClientError } from '@emailauth/service/client-errors'
import { limitConnections } from '@emailauth/service/connection-limits'
import { addHealth } from '@emailauth/service/health'
import type { Logger } from '@emailauth/service/logger'
import { refuseRepeatedHeaders } from '@emailauth/service/repeated-headers'
import { CHECK_OFTEN, limitRequests, type RequestLimits } from '@emailauth/service/request-limits'
import helmet from '@fastify/helmet'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { requireLoopbackHost } from './loopback-host.ts'
import { addMessageRoutes } from './messages.routes.ts'
import { addPageRoutes } from './page/page.routes.ts'
import type { MessageStore } from './store.ts'

/**
 * Scripts load from here only. The displayed mail may use its own styles and embedded images, nothing more.
 */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    frameSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
}

/** For the page and the tests of one machine. */
const MAX_CONNECTIONS = 500

/** Builds the inbox's API and page over a store. It does not listen. */
export async function buildInboxApp(
  store: MessageStore,
  logger?: Logger,
  requestLimits?: RequestLimits,
): Promise<FastifyInstance> {
  const app = Fastify({
    ...(logger === undefined ? {} : { loggerInstance: logger as FastifyBaseLogger }),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    http: CHECK_OFTEN,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => replyWithFault(error, request, reply),
  })
  limitRequests(app, requestLimits)
  limitConnections(app, { most: MAX_CONNECTIONS })
  refuseRepeatedHeaders(app)
  requireLoopbackHost(app)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler(replyWithFault)
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ Error: 'not found' }))
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: false,
  })
  addHealth(app, [])
  addMessageRoutes(app, store)
  addPageRoutes(app)
  return app
}

function replyWithFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  if (status < 500) return reply.code(status).send({ Error: error.message })
  request.log.error({ err: error }, 'unforeseen error')
  return reply.code(500).send({ Error: 'something went wrong here; the log knows more' })
}
