import { BODY_LIMITS } from '@emailauth/contracts/body-limits'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { FastifyBaseLogger, FastifyError } from 'fastify'
import { Overloaded } from '../../http/load-shedding.ts'
import { TooLate } from '../deadline.ts'
import type { ErrorCode } from './errors.ts'

/** A request that is refused before or beside Apollo, as its caller sees it. */
export interface RefusedRequest {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
}

/**
 * Explains what Fastify refuses, such as a body that is too large, and what the gateway itself gives up. What
 * the caller did not cause is logged.
 */
export function refusalOf(
  error: FastifyError,
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>,
): RefusedRequest {
  const refusal = explain(error)
  if (error instanceof TooLate) log.warn({ err: error }, 'an operation was not answered in time')
  if (refusal.status === 500) log.error({ err: error }, 'unforeseen error')
  return refusal
}

function explain(error: FastifyError): RefusedRequest {
  if (error instanceof ProblemError && error.problem.status === 400) {
    return { status: 400, code: 'BAD_USER_INPUT', message: error.problem.detail }
  }
  // Who the caller is was needed to read the body.
  if (error instanceof ProblemError && error.problem.status === 503)
    return { status: 503, code: 'SERVICE_UNAVAILABLE', message: error.problem.detail }
  if (error instanceof Overloaded) return { status: 503, code: 'SERVICE_UNAVAILABLE', message: error.message }
  if (error instanceof TooLate) {
    const message = 'The operation took too long; whether it took effect is unknown.'
    return { status: 503, code: 'SERVICE_UNAVAILABLE', message }
  }
  const code = 'BAD_USER_INPUT'
  if (error.statusCode === 413)
    return {
      status: 413,
      code,
      message: `The request body is larger than ${BODY_LIMITS.graphql / 1024} KiB.`,
    }
  if (error.statusCode === 415) {
    return { status: 415, code, message: 'The content type must be application/json.' }
  }
  // The integration builds a URL of the Host header, which a client can write as it likes.
  if (error.code === 'ERR_INVALID_URL') return { status: 400, code, message: 'The Host header is not valid.' }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, code, message: 'The request body is not valid JSON.' }
  }
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong here.' }
}
