import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'

/**
 * Names the service that a call is meant for. By a wrong URL it reaches another one, whose 404 would mean
 * that there is no such key, session or identity.
 */
export const SERVICE_HEADER = 'x-emailauth-service'

/** An `onRequest` hook that refuses calls meant for another service. Callers that name none pass. */
export function refuseMisdirected(own: string) {
  return async (request: FastifyRequest): Promise<void> => {
    if (isMisdirected(request, own)) throw new ProblemError('misdirected', sentenceTo(own))
  }
}

/** Whether a call is meant for another service than this one. */
export function isMisdirected({ headers }: Pick<FastifyRequest, 'headers'>, own: string): boolean {
  const meant = headers[SERVICE_HEADER]
  return meant !== undefined && meant !== own
}

/** The answer to a call that is meant for another service. */
export const sentenceTo = (own: string): string =>
  `This is the ${own}, and the call is meant for another service.`
