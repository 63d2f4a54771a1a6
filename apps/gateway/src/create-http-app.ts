import { BODY_LIMITS } from '@emailauth/contracts/body-limits'
import { createNetworkList } from '@emailauth/contracts/network-list'
import { toProblem } from '@emailauth/contracts/problems'
import { answerClientError } from '@emailauth/service/http/client-errors'
import { limitConnections } from '@emailauth/service/http/connection-limits'
import { endConnectionsWhenClosing } from '@emailauth/service/http/end-connections'
import { NO_JSON_SCHEMAS } from '@emailauth/service/http/no-json-schemas'
import { replyWithProblems, sendProblem } from '@emailauth/service/http/problem-replies'
import { endRefusedUpgrades } from '@emailauth/service/http/refused-upgrades'
import { refuseRepeatedHeaders } from '@emailauth/service/http/repeated-headers'
import { CHECK_OFTEN, limitRequests } from '@emailauth/service/http/request-limits'
import { lazyRequestLogger } from '@emailauth/service/logging/request-logger'
import { traceRequests } from '@emailauth/service/telemetry/trace-requests'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { GatewayOptions } from './gateway-options.ts'
import { allowOrigins } from './http/cors.ts'
import { newRequestId } from './http/request-id.ts'

/** Connections at a time: the allowed WebSockets, and as many others. */
export const MAX_CONNECTIONS = 4000

type HttpOptions = Pick<
  GatewayOptions,
  'logger' | 'trustedProxies' | 'requestLimits' | 'maxConnections' | 'corsOrigins'
>

/** Fastify with what holds for every request, whichever route answers it. */
export async function createHttpApp(options: HttpOptions): Promise<FastifyInstance> {
  const { logger, trustedProxies = [], maxConnections = MAX_CONNECTIONS, corsOrigins = [] } = options
  const app = Fastify({
    // Without the cast the type of the app would name pino's logger, and fit no other function of ours.
    loggerInstance: logger as FastifyBaseLogger,
    schemaController: NO_JSON_SCHEMAS,
    bodyLimit: BODY_LIMITS.graphql,
    // Never the client's id: this one also names the call to persistence, where it must be unique.
    requestIdHeader: false,
    genReqId: () => newRequestId(),
    childLoggerFactory: lazyRequestLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // A request that comes on a connection which is about to end is still answered.
    return503OnClosing: false,
    http: CHECK_OFTEN,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadUrl,
    trustProxy: trustedProxies.length === 0 ? false : createNetworkList(trustedProxies),
  })

  limitRequests(app, options.requestLimits)
  endRefusedUpgrades(app)
  limitConnections(app, {
    most: maxConnections,
    mostPerAddress: Math.ceil(maxConnections / 4),
    proxies: trustedProxies,
  })
  app.addHook('onRequest', (request, reply, done) => {
    setUsualHeaders(request, reply)
    done()
  })
  refuseRepeatedHeaders(app)
  await allowOrigins(app, corsOrigins)
  endConnectionsWhenClosing(app)
  traceRequests(app)
  replyWithProblems(app, 'gateway')
  return app
}

function setUsualHeaders({ id }: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', id)
  reply.header('x-content-type-options', 'nosniff')
}

/** For a URL that the router refuses. No hook runs for it. */
function answerBadUrl(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  setUsualHeaders(request, reply)
  sendProblem(request, reply, toProblem('bad-input', 'The URL is too long, or its "%" begins no character.'))
}
