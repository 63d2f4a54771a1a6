import { randomUUID } from 'node:crypto'
import { addHealth } from '@emailauth/service/health'
import { endConnectionsWhenClosing } from '@emailauth/service/last-replies'
import type { Logger } from '@emailauth/service/logger'
import { addMetrics } from '@emailauth/service/metrics'
import { replyWithProblems } from '@emailauth/service/problem-replies'
import { lazyRequestLogger } from '@emailauth/service/request-logger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { adminPageRoutes } from './admin-page/admin-page.routes.ts'
import { createApollo } from './graphql/apollo.ts'
import { createCallers } from './graphql/caller.ts'
import { graphqlRoutes } from './graphql/graphql.routes.ts'
import { createOutcomeCounter } from './graphql/outcome-metrics.ts'
import { buildGatewaySchema } from './graphql/schema.ts'
import { createMailer } from './mailer/mailer-client.ts'
import { createPersistence } from './persistence/persistence-client.ts'
import { createRegistrations } from './registration/registrations.ts'
import { createTenantDirectory } from './tenants/tenant-directory.ts'
import { createVerifications } from './verification/verifications.ts'

export interface GatewayOptions {
  readonly persistenceUrl: string
  readonly mailerUrl: string
  /** What the two services know this gateway by. */
  readonly serviceToken: string
  /** Where the built admin app lies. */
  readonly adminFolder: string
  readonly logger: Logger
  /** Production: nobody may ask for the schema. */
  readonly production: boolean
}

const BODY_LIMIT_BYTES = 64 * 1024

/** Builds the gateway. It does not listen, and it starts whether or not the two services are there. */
export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { serviceToken, logger } = options
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT_BYTES,
    // Always our own: the id also names the request's call to persistence, where it must be unique.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    childLoggerFactory: lazyRequestLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  })
  const persistence = createPersistence({ url: options.persistenceUrl, serviceToken })
  const mailer = createMailer({ url: options.mailerUrl, serviceToken, logger })
  const tenants = createTenantDirectory(persistence)
  const apollo = createApollo({
    schema: buildGatewaySchema(),
    logger: app.log,
    introspection: !options.production,
  })
  await apollo.start()

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    done()
  })
  endConnectionsWhenClosing(app)
  replyWithProblems(app)
  const { registry } = addMetrics(app, 'gateway')
  addHealth(app, [
    { name: 'persistence', check: persistence.ready },
    { name: 'mailer', check: mailer.ready },
  ])
  graphqlRoutes(app, apollo, {
    registrations: createRegistrations({ persistence, mailer, tenants, logger }),
    verifications: createVerifications(persistence, mailer),
    persistence,
    mailer,
    tenants,
    callers: createCallers(persistence),
    countOutcome: createOutcomeCounter(registry),
  })
  adminPageRoutes(app, options.adminFolder)
  app.addHook('onClose', async () => {
    await apollo.stop()
    await mailer.close()
    await persistence.close()
  })
  return app
}
