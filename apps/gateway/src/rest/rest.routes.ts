import { CALL_ID_RULE, callId, identityId as identityIdShape } from '@emailauth/contracts/common'
import { IDENTITY_NOT_FOUND, type Problem, type ProblemCode, toProblem } from '@emailauth/contracts/problems'
import { isToken, TOKEN_RULE } from '@emailauth/contracts/token'
import { ProblemError } from '@emailauth/service/problem-error'
import { problemOf, sendProblem } from '@emailauth/service/problem-replies'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { assertAccess, tenantOf } from '../access/access.ts'
import type { Callers } from '../access/caller.ts'
import { inTime, OPERATION_TIMEOUT_MS, TooLate } from '../graphql/deadline.ts'
import type { ErrorCode } from '../graphql/errors.ts'
import type { OperationMetrics } from '../graphql/operation-metrics.ts'
import type { CountOutcome } from '../graphql/outcome-metrics.ts'
import { type LoadSheddingOptions, Overloaded, shedLoad } from '../http/load-shedding.ts'
import { setRateLimitHeaders } from '../http/rate-limit-headers.ts'
import { COMPRESSED, isCompressed } from '../http/request-body.ts'
import type { RegisterOutcome } from '../registration/registration.types.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { VerifyOutcome } from '../verification/verification.types.ts'
import type { Verifications } from '../verification/verifications.ts'
import { inputFault } from './input-fault.ts'
import { OPERATIONS, openApi } from './rest-shapes.ts'

export interface RestRouteOptions {
  readonly services: {
    readonly callers: Pick<Callers, 'identify'>
    readonly registrations: Pick<Registrations, 'register' | 'resend'>
    readonly verifications: Pick<Verifications, 'verify' | 'exchange'>
    readonly countOutcome: CountOutcome
  }
  readonly metrics: Pick<OperationMetrics, 'observe'>
  readonly load: LoadSheddingOptions
  /** Slower operations are answered with 503. */
  readonly timeoutMs?: number | undefined
}

type Expected = Exclude<RegisterOutcome | VerifyOutcome, { __typename: 'Registered' | 'Verified' }>

/**
 * `POST /v1/…` for external servers without GraphQL: the same keys, limits and outcomes, as REST with problem
 * details.
 */
export function restRoutes(
  app: FastifyInstance,
  { services, metrics, load, timeoutMs = OPERATION_TIMEOUT_MS }: RestRouteOptions,
): void {
  const tenantIdOf = async ({ headers }: FastifyRequest) => {
    const caller = await services.callers.identify(headers.authorization)
    if (caller === undefined) throw new ProblemError('unauthenticated', NO_KEY)
    assertAccess(caller, 'TENANT')
    return tenantOf(caller)
  }

  const register = async (request: FastifyRequest, reply: FastifyReply) => {
    const tenantId = await tenantIdOf(request)
    const body = withIdempotencyKey(request, read(OPERATIONS.register.body, request.body))
    if (!isToken(body.token)) throw new ProblemError('bad-input', `token ${TOKEN_RULE}`, { field: 'token' })
    const call = { ...body, tenantId, requestId: request.id }
    return answer(
      request,
      reply,
      services.countOutcome('register', await services.registrations.register(call)),
    )
  }

  const resend = async (request: FastifyRequest, reply: FastifyReply) => {
    const tenantId = await tenantIdOf(request)
    const { identityId } = read(OPERATIONS.resend.body, request.body)
    if (!identityIdShape.safeParse(identityId).success) {
      return sendProblem(request, reply, toProblem('identity-not-found', IDENTITY_NOT_FOUND))
    }
    const call = { tenantId, requestId: request.id, identityId }
    return answer(request, reply, services.countOutcome('resend', await services.registrations.resend(call)))
  }

  const verify = async (request: FastifyRequest, reply: FastifyReply) => {
    const tenantId = await tenantIdOf(request)
    const body = withIdempotencyKey(request, read(OPERATIONS.verify.body, request.body))
    const call = { ...body, tenantId, requestId: request.id }
    return answer(request, reply, services.countOutcome('verify', await services.verifications.verify(call)))
  }

  const exchange = async (request: FastifyRequest, reply: FastifyReply) => {
    const tenantId = await tenantIdOf(request)
    const body = withIdempotencyKey(request, read(OPERATIONS.exchange.body, request.body))
    const call = { ...body, tenantId, requestId: request.id }
    return answer(
      request,
      reply,
      services.countOutcome('exchange', await services.verifications.exchange(call)),
    )
  }

  /** Counts a call under the name of its GraphQL field, so that one series shows both. */
  const measureAs = (name: string) => async (_request: FastifyRequest, reply: FastifyReply) =>
    metrics.observe(name, codeOf(reply.statusCode), reply.elapsedTime / 1000)

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
    const handlers = { register, resend, verify, exchange }
    for (const name of Object.keys(handlers) as (keyof typeof handlers)[])
      scope.post(OPERATIONS[name].path, { onResponse: measureAs(name) }, (request, reply) =>
        inTime(handlers[name](request, reply), timeoutMs),
      )
    const document = openApi()
    scope.get('/v1/openapi.json', async () => document)
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
const NO_KEY = 'This needs a valid API key in the header "Authorization: Bearer <API key>".'

/** @throws {ProblemError} `bad-input` that names the first invalid field, never its value */
function read<Body>(shape: z.ZodType<Body>, body: unknown): Body {
  const checked = shape.safeParse(body, { reportInput: true })
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const field = issue?.path.join('.') ?? ''
  const detail = `${field === '' ? 'The body' : field} ${inputFault(issue)}`
  throw new ProblemError('bad-input', detail, field === '' ? {} : { field })
}

/** Moves the header into the body's field. It may be bare, or quoted as a structured field. */
function withIdempotencyKey<Body extends { idempotencyKey?: string | undefined }>(
  { headers }: FastifyRequest,
  body: Body,
): Body {
  const header = headers['idempotency-key']
  if (typeof header !== 'string') return body
  const idempotencyKey = /^"(.*)"$/.exec(header)?.[1] ?? header
  const field = 'idempotencyKey'
  if (!callId.safeParse(idempotencyKey).success)
    throw new ProblemError('bad-input', `Idempotency-Key ${CALL_ID_RULE}`, { field })
  if (body.idempotencyKey !== undefined && body.idempotencyKey !== idempotencyKey)
    throw new ProblemError('bad-input', 'Idempotency-Key and idempotencyKey differ; give one of them.', {
      field,
    })
  return { ...body, idempotencyKey }
}

function answer(request: FastifyRequest, reply: FastifyReply, outcome: RegisterOutcome | VerifyOutcome) {
  switch (outcome.__typename) {
    case 'Registered': {
      const { identityId, email, expiresAt, delivery, replaced } = outcome
      return reply
        .code(201)
        .send({ identityId, email, expiresAt, delivery: delivery.toLowerCase(), replaced })
    }
    case 'Verified': {
      const { identityId, email, token, registeredAt } = outcome
      return reply.send({ identityId, email, token, registeredAt })
    }
    default:
      if (outcome.__typename === 'RateLimited') setRateLimitHeaders(reply, outcome)
      return sendProblem(request, reply, problemFor(outcome))
  }
}

function problemFor(outcome: Expected): Problem {
  const code = outcome.code.toLowerCase().replaceAll('_', '-') as ProblemCode
  if (outcome.__typename !== 'RateLimited') return toProblem(code, outcome.message)
  const { limit, retryAfterSeconds } = outcome
  return toProblem(code, outcome.message, { limit, retryAfterSeconds })
}

function explain(error: unknown, request: FastifyRequest): Problem {
  const retry = { retryAfterSeconds: 1 }
  if (error instanceof TooLate)
    return toProblem('unavailable', 'The call took too long; whether it took effect is unknown.', retry)
  if (error instanceof Overloaded)
    return toProblem(
      'unavailable',
      'There is more to do than can be done for the moment; try again in a second.',
      retry,
    )
  return problemOf(error, request)
}
