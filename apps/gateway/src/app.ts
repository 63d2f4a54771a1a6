import { addHealth } from '@emailauth/service/http/health'
import { addMetrics, type Metrics, metricsTokens } from '@emailauth/service/http/metrics'
import type { FastifyInstance } from 'fastify'
import { adminPageRoutes } from './admin-page/admin-page.routes.ts'
import { composeServices } from './compose-services.ts'
import { createHttpApp } from './create-http-app.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { answerBrowsers, graphiqlRoutes } from './graphiql/graphiql.routes.ts'
import { createApollo } from './graphql/apollo.ts'
import { createDocumentBudgets } from './graphql/documents/document-budgets.ts'
import { createRefusalCounter } from './graphql/documents/document-metrics.ts'
import { createDocumentStore } from './graphql/documents/document-store.ts'
import { createNewDocuments } from './graphql/documents/new-documents.ts'
import { readPersistedDocuments } from './graphql/documents/persisted-documents.ts'
import { createFastPath } from './graphql/fast-path/fast-path.ts'
import { createLogFault, logFaults } from './graphql/faults/log-faults.ts'
import { graphqlRoutes } from './graphql/graphql.routes.ts'
import { measureOperations } from './graphql/operation-metrics.ts'
import { schemaRoutes } from './graphql/schema.routes.ts'
import { hostedPageRoutes } from './hosted-page/hosted-page.routes.ts'
import { readJsonBodies } from './http/json-body.ts'
import { LOAD } from './http/load-shedding.ts'
import { mailHookRoutes } from './mail-hooks/mail-hooks.routes.ts'
import { contextMaker, identify } from './request-context.ts'
import { restRoutes } from './rest/rest.routes.ts'
import { buildGatewaySchema } from './schema.ts'
import { type CutOffs, cutOffWhenClosing } from './services/cut-off.ts'
import { createMailer } from './services/mailer/mailer-client.ts'
import { createPersistence } from './services/persistence/persistence-client.ts'
import { createLive } from './sockets/live.ts'

/** Builds the gateway. It does not listen, and it starts whether or not the two services are there. */
export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { serviceToken, local, load = LOAD, operationTimeoutMs: timeoutMs } = options
  const serviceTokens = [...new Set([serviceToken, ...(options.alsoAcceptedTokens ?? [])])]
  const app = await createHttpApp(options)
  const { persistence, mailer } = createClients(options, cutOffWhenClosing(app))
  const measured = addMetrics(app, {
    service: 'gateway',
    tokens: metricsTokens(serviceTokens, options.metricsToken),
    isPublic: options.metricsPublic ?? false,
    others: local?.registries,
    tls: options.tls,
  })
  const { registry } = measured
  addHealth(
    app,
    [
      { name: 'persistence', check: persistence.ready },
      // All gateways see it at the same time, and what reaches the right process works.
      { name: 'store', check: persistence.oneStore, isOptional: true },
      // Verifies need no mailer. A slow one would take all gateways out of the balancer at the same time.
      { name: 'mailer', check: mailer.ready, isOptional: true },
    ],
    { service: 'gateway', registry },
  )
  const { services, stop, flush } = composeServices(options, { persistence, mailer, registry, serviceTokens })
  readJsonBodies(app, async (request) => (await identify(request, services))?.scope === 'admin')
  const { apollo, metrics } = await addGraphql(app, options, { services, measured })
  mailHookRoutes(app, mailer)
  restRoutes(app, { services, metrics, load, timeoutMs })
  hostedPageRoutes(app, { services, serviceToken, load, timeoutMs })
  adminPageRoutes(app, options.adminFolder)
  app.addHook('onClose', async () => {
    await stop()
    await apollo.stop()
    await flush()
    await mailer.close()
    await persistence.close()
    options.tls?.close()
  })
  return app
}

function createClients({ serviceToken, logger, tls, local, ...options }: GatewayOptions, cutOff: CutOffs) {
  const persistence = createPersistence({
    url: options.persistenceUrl,
    openTransport: local?.persistence,
    serviceToken,
    timeoutMs: options.persistenceTimeoutMs,
    tls,
    cutOff: cutOff.persistence,
  })
  const mailer = createMailer({
    url: options.mailerUrl,
    openTransport: local?.mailer,
    serviceToken,
    logger,
    tls,
    cutOff: cutOff.mailer,
  })
  return { persistence, mailer }
}

interface Composed {
  readonly services: ReturnType<typeof composeServices>['services']
  readonly measured: Metrics
}

/** GraphQL by HTTP and WebSocket, its schema as text, and GraphiQL in development. */
async function addGraphql(app: FastifyInstance, options: GatewayOptions, { services, measured }: Composed) {
  const schema = buildGatewaySchema()
  const metrics = measureOperations(measured.registry)
  const logFault = createLogFault(app.log)
  const fastPath = createFastPath({ schema, metrics, logFault })
  const documents = await readPersistedDocuments(options.adminFolder, options.logger)
  const documentStore = createDocumentStore()
  const refused = createRefusalCounter(measured.registry)
  const budgets = createDocumentBudgets({ refused })
  const newDocuments = createNewDocuments({
    identify: (request) => identify(request, services),
    persisted: documents,
    store: documentStore,
    budgets,
    refused,
  })
  const apollo = createApollo({
    schema,
    logger: app.log,
    introspection: !options.production,
    documentStore,
    plugins: [logFaults(app.log, logFault), metrics.plugin, fastPath.plugin],
  })
  await apollo.start()
  const graphiqlFolder = options.production ? undefined : options.graphiqlFolder
  graphiqlRoutes(app, { folder: graphiqlFolder })
  schemaRoutes(app, schema)
  const { corsOrigins = [] } = options
  graphqlRoutes(app, {
    apollo,
    schema,
    answerBrowser: answerBrowsers({ folder: graphiqlFolder }),
    fastPath,
    fastPathListener:
      corsOrigins.length > 0
        ? undefined
        : { services, observe: (status, ms) => measured.observeRequest('POST', '/graphql', status, ms) },
    toContext: contextMaker(services),
    live: createLive({ schema, services, budgets, logFault, logger: app.log, limits: options.socketLimits }),
    documents,
    documentStore,
    newDocuments,
    load: options.load ?? LOAD,
    timeoutMs: options.operationTimeoutMs,
  })
  return { apollo, metrics }
}
