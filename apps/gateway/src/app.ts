import { createNetworkList } from '@emailauth/contracts/network-list'
import { toProblem } from '@emailauth/contracts/problems'
import { answerClientError } from '@emailauth/service/client-errors'
import { limitConnections } from '@emailauth/service/connection-limits'
import { endConnectionsWhenClosing } from '@emailauth/service/end-connections'
import { addHealth } from '@emailauth/service/health'
import { addMetrics } from '@emailauth/service/metrics'
import { replyWithProblems, sendProblem } from '@emailauth/service/problem-replies'
import { endRefusedUpgrades } from '@emailauth/service/refused-upgrades'
import { refuseRepeatedHeaders } from '@emailauth/service/repeated-headers'
import { CHECK_OFTEN, limitRequests } from '@emailauth/service/request-limits'
import { lazyRequestLogger } from '@emailauth/service/request-logger'
import { traceRequests } from '@emailauth/service/trace-requests'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { adminPageRoutes } from './admin-page/admin-page.routes.ts'
import { composeServices } from './compose-services.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { answerBrowsers, graphiqlRoutes } from './graphiql/graphiql.routes.ts'
import { createApollo } from './graphql/apollo.ts'
import { createFastPath } from './graphql/fast-path/fast-path.ts'
import { graphqlRoutes } from './graphql/graphql.routes.ts'
import { createLogFault, logFaults } from './graphql/log-faults.ts'
import { measureOperations } from './graphql/operation-metrics.ts'
import { readPersistedDocuments } from './graphql/persisted-documents.ts'
import { schemaRoutes } from './graphql/schema.routes.ts'
import { hostedPageRoutes } from './hosted-page/hosted-page.routes.ts'
import { allowOrigins } from './http/cors.ts'
import type { LoadSheddingOptions } from './http/load-shedding.ts'
import { newRequestId } from './http/request-id.ts'
import { mailHookRoutes } from './mail-hooks/mail-hooks.routes.ts'
import { contextMaker } from './request-context.ts'
import { restRoutes } from './rest/rest.routes.ts'
import { buildGatewaySchema } from './schema.ts'
import { createMailer } from './services/mailer/mailer-client.ts'
import { createPersistence } from './services/persistence/persistence-client.ts'
import { createLive } from './sockets/live.ts'

const BODY_LIMIT_BYTES = 64 * 1024
/** As many WebSockets as are allowed, and as many others. */
export const MAX_CONNECTIONS = 4000
/** Only a gateway with more work than it can ever finish lags this much. No single document causes it. */
const LOAD: LoadSheddingOptions = { maxEventLoopDelayMs: 500 }

/** Builds the gateway. It does not listen, and it starts whether or not the two services are there. */
export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { serviceToken, logger, tls, local, trustedProxies = [] } = options
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT_BYTES,
    // Always our own: the id also names the request's call to persistence, where it must be unique.
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
  const persistence = createPersistence({
    url: options.persistenceUrl,
    openTransport: local?.persistence,
    serviceToken,
    timeoutMs: options.persistenceTimeoutMs,
    tls,
  })
  const mailer = createMailer({
    url: options.mailerUrl,
    openTransport: local?.mailer,
    serviceToken,
    logger,
    tls,
  })

  limitRequests(app, options.requestLimits)
  endRefusedUpgrades(app)
  const { maxConnections = MAX_CONNECTIONS } = options
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
  const { corsOrigins = [] } = options
  await allowOrigins(app, corsOrigins)
  endConnectionsWhenClosing(app)
  replyWithProblems(app)
  traceRequests(app)
  const { registry, observeRequest } = addMetrics(app, {
    service: 'gateway',
    serviceToken,
    isPublic: options.metricsPublic ?? false,
    others: local?.registries,
  })
  addHealth(
    app,
    [
      { name: 'persistence', check: persistence.ready },
      { name: 'mailer', check: mailer.ready },
    ],
    { registry },
  )
  const schema = buildGatewaySchema()
  const metrics = measureOperations(registry)
  const logFault = createLogFault(app.log)
  const fastPath = createFastPath({ schema, metrics, logFault })
  const apollo = createApollo({
    schema,
    logger: app.log,
    introspection: !options.production,
    plugins: [logFaults(app.log, logFault), metrics.plugin, fastPath.plugin],
  })
  await apollo.start()
  const { services, stop, flush } = composeServices(options, { persistence, mailer, registry })
  const graphiqlFolder = options.production ? undefined : options.graphiqlFolder
  graphiqlRoutes(app, { folder: graphiqlFolder })
  schemaRoutes(app, schema)
  graphqlRoutes(app, {
    apollo,
    schema,
    answerBrowser: answerBrowsers({ folder: graphiqlFolder }),
    fastPath,
    fastPathListener:
      corsOrigins.length > 0
        ? undefined
        : { services, observe: (status, ms) => observeRequest('POST', '/graphql', status, ms) },
    toContext: contextMaker(services),
    live: createLive({ schema, services, logFault, logger: app.log, limits: options.socketLimits }),
    documents: await readPersistedDocuments(options.adminFolder, logger),
    load: options.load ?? LOAD,
    timeoutMs: options.operationTimeoutMs,
  })
  mailHookRoutes(app, mailer)
  const { load = LOAD, operationTimeoutMs: timeoutMs } = options
  restRoutes(app, { services, metrics, load, timeoutMs })
  hostedPageRoutes(app, { services, serviceToken, load, timeoutMs })
  adminPageRoutes(app, options.adminFolder)
  app.addHook('onClose', async () => {
    await stop()
    await apollo.stop()
    await flush()
    await mailer.close()
    await persistence.close()
    tls?.close()
  })
  return app
}

function setUsualHeaders({ id }: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', id)
  reply.header('x-content-type-options', 'nosniff')
}

/** A URL that no route can be looked up by. No hook runs for it. */
function answerBadUrl(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  setUsualHeaders(request, reply)
  sendProblem(request, reply, toProblem('bad-input', 'The URL is too long, or its "%" begins no character.'))
}
