// Brings the type of `hide`, which the health routes say to the OpenAPI plugin of the services.
import type {} from '@emailauth/service/http/app'
import { answerClientError } from '@emailauth/service/http/client-errors'
import { limitConnections } from '@emailauth/service/http/connection-limits'
import { addHealth } from '@emailauth/service/http/health'
import { NO_JSON_SCHEMAS } from '@emailauth/service/http/no-json-schemas'
import { endRefusedUpgrades } from '@emailauth/service/http/refused-upgrades'
import { refuseRepeatedHeaders } from '@emailauth/service/http/repeated-headers'
import { CHECK_OFTEN, limitRequests, type RequestLimits } from '@emailauth/service/http/request-limits'
import type { Logger } from '@emailauth/service/logging/logger'
import helmet from '@fastify/helmet'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { addEventsRoute } from './api/events.routes.ts'
import { requireLocalCallers } from './api/local-callers.ts'
import { addMessageRoutes } from './api/message.routes.ts'
import { addMessagesRoutes } from './api/messages.routes.ts'
import { addSendRoute } from './api/send.routes.ts'
import { addSystemRoutes } from './api/system.routes.ts'
import { addViewRoutes } from './api/view.routes.ts'
import { addPageRoutes } from './page/page.routes.ts'
import { QueryError } from './search/query-error.ts'
import type { MessageStore } from './store.ts'

/** Everything loads from here only. The frame with the mail brings a policy of its own. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
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
    // As in every service: the type of the app must not name pino's logger.
    ...(logger === undefined ? {} : { loggerInstance: logger as FastifyBaseLogger }),
    schemaController: NO_JSON_SCHEMAS,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    http: CHECK_OFTEN,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => replyWithFault(error, request, reply),
  })
  limitRequests(app, requestLimits)
  limitConnections(app, { most: MAX_CONNECTIONS })
  refuseRepeatedHeaders(app)
  endRefusedUpgrades(app)
  requireLocalCallers(app)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler(replyWithFault)
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ Error: 'not found' }))
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: false,
  })
  addHealth(app, [], { service: 'inbox' })
  // Mailpit asks for no content type, and takes an empty body as "all".
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  await addEventsRoute(app, store)
  addMessagesRoutes(app, store)
  addMessageRoutes(app, store)
  addSendRoute(app, store)
  addSystemRoutes(app, store)
  addViewRoutes(app, store)
  addPageRoutes(app)
  return app
}

function replyWithFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error instanceof QueryError ? 400 : (error.statusCode ?? 500)
  if (status < 500) return reply.code(status).send({ Error: error.message })
  request.log.error({ err: error }, 'unforeseen error')
  return reply.code(500).send({ Error: 'something went wrong here; the log knows more' })
}
