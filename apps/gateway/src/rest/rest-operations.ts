import { identityId as identityIdShape } from '@emailauth/contracts/common'
import { IDENTITY_NOT_FOUND, toProblem } from '@emailauth/contracts/problems'
import { isToken, TOKEN_RULE } from '@emailauth/contracts/token'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { assertAccess, NEEDS_KEY, tenantOf } from '../access/access.ts'
import type { Callers } from '../access/caller.ts'
import type { CountOutcome } from '../graphql/outcomes/outcome-metrics.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Verifications } from '../verification/verifications.ts'
import { readBody, withIdempotencyKey } from './read-body.ts'
import { replyWithOutcome } from './reply-with-outcome.ts'
import { OPERATIONS } from './rest-shapes.ts'

export interface RestServices {
  readonly callers: Pick<Callers, 'identify'>
  readonly registrations: Pick<Registrations, 'register' | 'resend'>
  readonly verifications: Pick<Verifications, 'verify' | 'exchange'>
  readonly countOutcome: CountOutcome
}

/** A call of a tenant whose key was checked before its body was read. */
interface RestCall {
  readonly tenantId: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** An operation of `OPERATIONS`: checks the body, and replies with the outcome. */
type RestOperation = (services: RestServices, call: RestCall) => Promise<FastifyReply>

const register: RestOperation = async (services, { tenantId, request, reply }) => {
  const body = withIdempotencyKey(request, readBody(OPERATIONS.register.body, request.body))
  if (!isToken(body.token)) throw new ProblemError('bad-input', `token ${TOKEN_RULE}`, { field: 'token' })
  const call = { ...body, tenantId, requestId: request.id }
  const outcome = await services.registrations.register(call)
  return replyWithOutcome(request, reply, services.countOutcome('register', outcome))
}

const resend: RestOperation = async (services, { tenantId, request, reply }) => {
  const { identityId } = readBody(OPERATIONS.resend.body, request.body)
  if (!identityIdShape.safeParse(identityId).success) {
    return sendProblem(request, reply, toProblem('identity-not-found', IDENTITY_NOT_FOUND))
  }
  const outcome = await services.registrations.resend({ tenantId, requestId: request.id, identityId })
  return replyWithOutcome(request, reply, services.countOutcome('resend', outcome))
}

const verify: RestOperation = async (services, { tenantId, request, reply }) => {
  const body = withIdempotencyKey(request, readBody(OPERATIONS.verify.body, request.body))
  const outcome = await services.verifications.verify({ ...body, tenantId, requestId: request.id })
  return replyWithOutcome(request, reply, services.countOutcome('verify', outcome))
}

const exchange: RestOperation = async (services, { tenantId, request, reply }) => {
  const body = withIdempotencyKey(request, readBody(OPERATIONS.exchange.body, request.body))
  const outcome = await services.verifications.exchange({ ...body, tenantId, requestId: request.id })
  return replyWithOutcome(request, reply, services.countOutcome('exchange', outcome))
}

/** By the names that they have in `OPERATIONS`. */
export const REST_OPERATIONS = { register, resend, verify, exchange } satisfies Record<
  keyof typeof OPERATIONS,
  RestOperation
>

/**
 * The tenant of the key in a request's header.
 * @throws {ProblemError} when there is none, or another caller's
 */
export async function tenantIdOf(
  { callers }: Pick<RestServices, 'callers'>,
  { headers }: FastifyRequest,
): Promise<string> {
  const caller = await callers.identify(headers.authorization)
  if (caller === undefined) throw new ProblemError('unauthenticated', NEEDS_KEY)
  assertAccess(caller, 'TENANT')
  return tenantOf(caller)
}
