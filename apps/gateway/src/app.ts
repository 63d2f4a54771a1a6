import { createNetworkList } from '@emailauth/contracts/network-list'
import type { OpenTransport } from '@emailauth/rpc/client/transport'
import { answerClientError } from '@emailauth/service/client-errors'
import { limitConnections } from '@emailauth/service/connection-limits'
import { endConnectionsWhenClosing } from '@emailauth/service/end-connections'
import { addHealth } from '@emailauth/service/health'
import type { Logger } from '@emailauth/service/logger'
import { addMetrics } from '@emailauth/service/metrics'
import { replyWithProblems } from '@emailauth/service/problem-replies'
import { endRefusedUpgrades } from '@emailauth/service/refused-upgrades'
import { refuseRepeatedHeaders } from '@emailauth/service/repeated-headers'
import { CHECK_OFTEN, limitRequests, type RequestLimits } from '@emailauth/service/request-limits'
import { lazyRequestLogger } from '@emailauth/service/request-logger'
import { createScheduler } from '@emailauth/service/scheduler'
import type { TlsSource } from '@emailauth/service/tls'
import { traceRequests } from '@emailauth/service/trace-requests'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Registry } from 'prom-client'
import { createCallers } from './access/caller.ts'
import { adminPageRoutes } from './admin-page/admin-page.routes.ts'
import { createAdminEmails } from './auth/admin-emails.ts'
import { createKnownBrowsers } from './auth/known-browsers.ts'
import type { MailSignIn } from './auth/mail-sign-in.ts'
import { createPasskeyCeremonies } from './auth/passkey-ceremonies.ts'
import { createRelyingParty } from './auth/relying-party.ts'
import { createSessions } from './auth/sessions.ts'
import { createSignInMails } from './auth/sign-in-mails.ts'
import { createSignIns } from './auth/sign-ins.ts'
import { createDeliveryReports } from './events/delivery-reports.ts'
import { createEventFeed } from './events/event-feed.ts'
import { reportOutcomes } from './events/report-outcomes.ts'
import { answerBrowsers, graphiqlRoutes } from './graphiql/graphiql.routes.ts'
import { createApollo } from './graphql/apollo.ts'
import { createHotPath } from './graphql/fast-path/hot-path.ts'
import { graphqlRoutes } from './graphql/graphql.routes.ts'
import { createLogFault, logFaults } from './graphql/log-faults.ts'
import { measureOperations } from './graphql/operation-metrics.ts'
import { createOutcomeCounter } from './graphql/outcome-metrics.ts'
import { readPersistedDocuments } from './graphql/persisted-documents.ts'
import { createReadTurns } from './graphql/read-limits.ts'
import { schemaRoutes } from './graphql/schema.routes.ts'
import { hostedPageRoutes } from './hosted-page/hosted-page.routes.ts'
import { allowOrigins } from './http/cors.ts'
import type { LoadSheddingOptions } from './http/load-shedding.ts'
import { newRequestId } from './http/request-id.ts'
import { mailHookRoutes } from './mail-hooks/mail-hooks.routes.ts'
import { createRegistrations } from './registration/registrations.ts'
import { contextMaker } from './request-context.ts'
import { restRoutes } from './rest/rest.routes.ts'
import { buildGatewaySchema } from './schema.ts'
import { createFairTurns } from './services/fair-turns.ts'
import { measureTurns } from './services/fair-turns-metrics.ts'
import { createMailer } from './services/mailer/mailer-client.ts'
import { createPersistence } from './services/persistence/persistence-client.ts'
import { createLive } from './sockets/live.ts'
import type { SocketLimits } from './sockets/socket-limits.ts'
import { createTenantDirectory } from './tenants/tenant-directory.ts'
import { createVerifications } from './verification/verifications.ts'
import { handOverEvents } from './webhooks/hand-over-events.ts'

export interface GatewayOptions {
  readonly persistenceUrl: string
  readonly mailerUrl: string
  /** Services in this process. Default: they are called by HTTP at their URLs. */
  readonly local?: LocalServices | undefined
  /** What the two services know this gateway by. */
  readonly serviceToken: string
  /** Where the built admin app lies. */
  readonly adminFolder: string
  readonly logger: Logger
  /** Production: nobody may ask for the schema. */
  readonly production: boolean
  /** For services that are reached by HTTPS; closed with the gateway. */
  readonly tls?: TlsSource | undefined
  /** true: `/metrics` needs no service token. */
  readonly metricsPublic?: boolean
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  /** Who may sign in to the dashboard. */
  readonly adminEmails?: readonly string[]
  /** Who may sign in to look, and change nothing. */
  readonly readOnlyAdminEmails?: readonly string[]
  /** When they may do so by mail; default: always. */
  readonly mailSignIn?: MailSignIn
  /** Where browsers find the dashboard; absent: http://localhost, whatever the port. */
  readonly publicUrl?: string | undefined
  /** When the work of a sign-in is done, in milliseconds from its answer; default: at some moment soon. */
  readonly signInDelayMs?: (() => number) | undefined
  /** Web origins whose pages may call the API with a key; "*": any. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined
  /** Where the built GraphiQL lies; it is never served in production. */
  readonly graphiqlFolder?: string | undefined
  /** When GraphQL requests are sent away. */
  readonly load?: LoadSheddingOptions
  readonly operationTimeoutMs?: number
  /** WebSockets and their subscriptions at a time. */
  readonly socketLimits?: SocketLimits | undefined
  /** How long a request may take to come in. */
  readonly requestLimits?: RequestLimits | undefined
  /** Connections at a time; a peer that is no trusted proxy may hold a quarter of them. */
  readonly maxConnections?: number
}

/** The two services in the gateway's own process. */
export interface LocalServices {
  /** How they are called. The gateway closes with itself what it opens. */
  readonly persistence: OpenTransport
  readonly mailer: OpenTransport
  /** Their metrics, which the gateway shows with its own. */
  readonly registries: readonly Registry[]
}

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
    trustProxy: trustedProxies.length === 0 ? false : createNetworkList(trustedProxies),
  })
  const persistence = createPersistence({
    url: options.persistenceUrl,
    openTransport: local?.persistence,
    serviceToken,
    tls,
  })
  const mailer = createMailer({
    url: options.mailerUrl,
    openTransport: local?.mailer,
    serviceToken,
    logger,
    tls,
  })
  const tenants = createTenantDirectory(persistence)

  limitRequests(app, options.requestLimits)
  endRefusedUpgrades(app)
  const { maxConnections = MAX_CONNECTIONS } = options
  limitConnections(app, {
    most: maxConnections,
    mostPerAddress: Math.ceil(maxConnections / 4),
    proxies: trustedProxies,
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
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
  const hotPath = createHotPath({ schema, metrics, logFault })
  const apollo = createApollo({
    schema,
    logger: app.log,
    introspection: !options.production,
    plugins: [logFaults(app.log, logFault), metrics.plugin, hotPath.plugin],
  })
  await apollo.start()
  const deliveries = createDeliveryReports(persistence, logger)
  const turns = createFairTurns()
  measureTurns(registry, turns)
  const registrations = createRegistrations({ persistence, mailer, tenants, deliveries, turns, logger })
  const events = createEventFeed(persistence, logger)
  const adminEmails = createAdminEmails(options.adminEmails ?? [], options.readOnlyAdminEmails)
  const { mailSignIn = 'always' } = options
  const signInMails = createSignInMails({
    adminEmails,
    persistence,
    mailer,
    mailSignIn,
    logger,
    delayMs: options.signInDelayMs,
  })
  const scheduler = createScheduler({ logger })
  scheduler.measure(registry)
  scheduler.add(reportOutcomes({ mailer, persistence }))
  for (const task of handOverEvents({ mailer, persistence, registry })) scheduler.add(task)
  const services = {
    registrations,
    verifications: createVerifications(persistence, mailer, turns),
    persistence,
    mailer,
    tenants,
    callers: createCallers(persistence),
    sessions: createSessions(persistence, adminEmails),
    signIns: createSignIns({
      adminEmails,
      persistence,
      mailer,
      mails: signInMails,
      mailSignIn,
      serviceToken,
    }),
    passkeys: createPasskeyCeremonies({
      adminEmails,
      persistence,
      serviceToken,
      relyingParty: createRelyingParty(options.publicUrl),
    }),
    knownBrowsers: createKnownBrowsers(serviceToken),
    adminEmails,
    events,
    countOutcome: createOutcomeCounter(registry),
    production: options.production,
    readTurns: createReadTurns(),
  }
  const graphiqlFolder = options.production ? undefined : options.graphiqlFolder
  graphiqlRoutes(app, { folder: graphiqlFolder })
  schemaRoutes(app, schema)
  graphqlRoutes(app, {
    apollo,
    schema,
    answerBrowser: answerBrowsers({ folder: graphiqlFolder }),
    hotPath,
    hotListener:
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
    events.close()
    await Promise.all([scheduler.close(), signInMails.close()])
    await apollo.stop()
    await deliveries.close()
    await mailer.close()
    await persistence.close()
    tls?.close()
  })
  return app
}
