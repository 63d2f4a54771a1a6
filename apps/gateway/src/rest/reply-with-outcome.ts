import { enumName } from '@emailauth/contracts/enum-name'
import { type Problem, type ProblemCode, problemCodes, toProblem } from '@emailauth/contracts/problems'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setRateLimitHeaders } from '../http/rate-limit-headers.ts'
import type { RegisterOutcome } from '../registration/registration.types.ts'
import type { VerifyOutcome } from '../verification/verification.types.ts'

type Expected = Exclude<RegisterOutcome | VerifyOutcome, { __typename: 'Registered' | 'Verified' }>

/** Replies with what the GraphQL field returns, or with a problem of the same code. */
export function replyWithOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: RegisterOutcome | VerifyOutcome,
): FastifyReply {
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

/** The problems by their GraphQL names, which are the codes of outcomes. */
const CODES: ReadonlyMap<string, ProblemCode> = new Map(problemCodes.map((code) => [enumName(code), code]))

function problemFor(outcome: Expected): Problem {
  const code = CODES.get(outcome.code) ?? 'internal'
  if (outcome.__typename !== 'RateLimited') return toProblem(code, outcome.message)
  const { limit, retryAfterSeconds } = outcome
  return toProblem(code, outcome.message, { limit, retryAfterSeconds })
}
