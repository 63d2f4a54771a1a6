import { randomUUID } from 'node:crypto'
import { MAX_BODY_BYTES } from '@emailauth/contracts/body-limits'
import fastifySwagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from '../logging/logger.ts'
import { lazyRequestLogger } from '../logging/request-logger.ts'
import { traceRequests } from '../telemetry/trace-requests.ts'
import { refuseMisdirected } from './addressed-service.ts'
import { answerClientError } from './client-errors.ts'
import { limitConnections, SERVICE_CONNECTIONS } from './connection-limits.ts'
import { endConnectionsWhenClosing } from './end-connections.ts'
import { addHealth, type ReadyCheck } from './health.ts'
import { type ListenerOptions, renewCertificates, serverTls } from './listener.ts'
import { addMetrics, type Metrics, metricsTokens } from './metrics.ts'
import { NO_JSON_SCHEMAS } from './no-json-schemas.ts'
import { replyWithProblems, type TranslateFault } from './problem-replies.ts'
import { refuseRepeatedHeaders } from './repeated-headers.ts'
import { CHECK_OFTEN, limitRequestsButStreams, type RequestLimits } from './request-limits.ts'
import { requireServiceToken } from './service-auth.ts'

export interface ServiceAppOptions {
  /** The service's name in logs, metrics and its OpenAPI title. */
  readonly name: string
  readonly description: string
  readonly serviceToken: string
  /** Default: plain HTTP, and metrics for callers with the service token. */
  readonly listener?: ListenerOptions | undefined
  readonly logger: Logger | undefined
  /** Checks that must succeed before this service is ready. */
  readonly readyChecks: readonly ReadyCheck[]
  /** Maps an error of a dependency to its problem. */
  readonly translate?: TranslateFault
  /** Sent with every reply, that of `/readyz` too. */
  readonly replyHeaders?: Readonly<Record<string, string>>
  /** For tests: how long a client may take to send a request. */
  readonly requestLimits?: RequestLimits | undefined
  /** Adds the routes under the service token. */
  readonly routes: (app: ServiceApp, metrics: Metrics) => void | Promise<void>
}

/** Fastify with zod schemas, to which routes are added. */
export type ServiceApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Builds a REST service with zod schemas, problems, health, metrics and OpenAPI. It does not listen. */
export async function buildServiceApp(options: ServiceAppOptions): Promise<FastifyInstance> {
  const { tls, metricsPublic = false, metricsToken, alsoAcceptedTokens = [] } = options.listener ?? {}
  const serviceTokens = [options.serviceToken, ...alsoAcceptedTokens]
  const app = Fastify({
    ...(tls === undefined ? { http: CHECK_OFTEN } : { https: { ...serverTls(tls), ...CHECK_OFTEN } }),
    clientErrorHandler: answerClientError,
    // The type of the app must not name pino's logger.
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger as FastifyBaseLogger }),
    schemaController: NO_JSON_SCHEMAS,
    bodyLimit: MAX_BODY_BYTES,
    genReqId: () => randomUUID(),
    requestIdHeader: 'x-request-id',
    // The listener logs each failed request. A line for each good one would cost more than the request
    // itself.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: lazyRequestLogger,
    forceCloseConnections: 'idle',
    // Still reply to a request on a connection that is about to close.
    return503OnClosing: false,
  })
  if (tls !== undefined) renewCertificates(app, tls)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  endConnectionsWhenClosing(app)
  limitConnections(app, SERVICE_CONNECTIONS)
  refuseRepeatedHeaders(app)
  limitRequestsButStreams(app, options.requestLimits)
  traceRequests(app)
  replyWithProblems(app, options.name, options.translate)
  const { replyHeaders } = options
  if (replyHeaders !== undefined)
    app.addHook('onSend', (_request, reply, payload, done) => {
      reply.headers(replyHeaders)
      done(null, payload)
    })
  const tokens = metricsTokens(serviceTokens, metricsToken)
  const metrics = addMetrics(app, { service: options.name, tokens, isPublic: metricsPublic, tls })
  // Not the metrics token: with it no call would be answered.
  addHealth(app, options.readyChecks, {
    service: options.name,
    registry: metrics.registry,
    tokens: serviceTokens,
  })
  await app.register(fastifySwagger, {
    openapi: {
      info: { title: `emailauth ${options.name}`, description: options.description, version: '1' },
      components: { securitySchemes: { serviceToken: { type: 'http', scheme: 'bearer' } } },
      security: [{ serviceToken: [] }],
    },
    transform: jsonSchemaTransform,
    // Shapes with a name become components. Without it every reference to one would lead nowhere.
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(async (scope) => {
    requireServiceToken(scope, serviceTokens)
    scope.addHook('onRequest', refuseMisdirected(options.name))
    scope.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await options.routes(scope.withTypeProvider<ZodTypeProvider>(), metrics)
  })
  return app
}
