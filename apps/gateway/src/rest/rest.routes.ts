import { type Problem, toProblem } from '@emailauth/contracts/problems'
import { problemOf, sendProblem } from '@emailauth/service/http/problem-replies'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inTime, OPERATION_TIMEOUT_MS, TooLate } from '../graphql/deadline.ts'
import type { ErrorCode } from '../graphql/faults/errors.ts'
import type { OperationMetrics } from '../graphql/operation-metrics.ts'
import { type LoadSheddingOptions, Overloaded, shedLoad } from '../http/load-shedding.ts'
import { COMPRESSED, isCompressed } from '../http/request-body.ts'
import { REST_OPERATIONS, type RestServices, tenantIdOf } from './rest-operations.ts'
import { OPERATIONS, openApi } from './rest-shapes.ts'

export interface RestRouteOptions {
  readonly services: RestServices
  readonly metrics: Pick<OperationMetrics, 'observe'>
  readonly load: LoadSheddingOptions
  /** Slower operations are answered with 503. */
  readonly timeoutMs?: number | undefined
}

/**
 * `POST /v1/…` for external servers without GraphQL: the same keys, limits and outcomes, as REST with problem
 * details.
 */
export function restRoutes(
  app: FastifyInstance,
  { services, metrics, load, timeoutMs = OPERATION_TIMEOUT_MS }: RestRouteOptions,
): void {
  /** Counts a call under the name of its GraphQL field, so that one series shows both. */
  const measureAs = (name: string) => async (_request: FastifyRequest, reply: FastifyReply) =>
    metrics.observe(name, codeOf(reply.statusCode), reply.elapsedTime / 1000)

  const tenants = new WeakMap<FastifyRequest, string>()
  /** Before the body is read, so that a call without a valid key costs no more than its head. */
  const checkKey = async (request: FastifyRequest) => {
    tenants.set(request, await tenantIdOf(services, request))
  }

  void app.register(async (scope) => {
    shedLoad(scope, load)
    scope.addHook('onRequest', (_request, reply, done) => {
      // Replies may contain tokens.
      reply.header('cache-control', 'no-store')
      done()
    })
    scope.removeContentTypeParser('text/plain')
    scope.addHook('onRequest', async (request, reply) => {
      if (!isCompressed(request)) return undefined
      reply.header(...COMPRESSED.header)
      return sendProblem(request, reply, toProblem('unsupported-media-type', COMPRESSED.message))
    })
    scope.setErrorHandler((error, request, reply) => sendProblem(request, reply, explain(error, request)))
    // Not `addRoutes`: Fastify would check the body before the key, and explain a fault in other words. The
    // record is written out, so these are all of its keys.
    for (const name of Object.keys(REST_OPERATIONS) as (keyof typeof REST_OPERATIONS)[]) {
      const { path, bodyLimit } = OPERATIONS[name]
      scope.post(path, { bodyLimit, onRequest: checkKey, onResponse: measureAs(name) }, (request, reply) => {
        const tenantId = tenants.get(request)
        if (tenantId === undefined) throw new Error('the key of a call was not checked')
        return inTime(REST_OPERATIONS[name](services, { tenantId, request, reply }), timeoutMs)
      })
    }
    let document: object | undefined
    scope.get('/v1/openapi.json', async () => {
      document ??= openApi()
      return document
    })
  })
}

/**
 * The code that a GraphQL answer would have. Expected outcomes, such as 404 for a wrong number, are no
 * errors.
 */
function codeOf(status: number): ErrorCode | 'OK' {
  if (status === 401) return 'UNAUTHENTICATED'
  if (status === 403) return 'FORBIDDEN'
  if (status === 503) return 'SERVICE_UNAVAILABLE'
  if (status >= 500) return 'INTERNAL_SERVER_ERROR'
  return REQUEST_FAULTS.includes(status) ? 'BAD_USER_INPUT' : 'OK'
}

const REQUEST_FAULTS: readonly number[] = [400, 409, 413, 415]

function explain(error: unknown, request: FastifyRequest): Problem {
  const retry = { retryAfterSeconds: 1 }
  if (error instanceof TooLate)
    return toProblem('unavailable', 'The call took too long; whether it took effect is unknown.', retry)
  if (error instanceof Overloaded) return toProblem('unavailable', error.message, retry)
  return problemOf(error, request)
}
