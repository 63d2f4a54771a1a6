import { constantTimeEqual } from '@emailauth/secrets/digest'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'

/**
 * Requires one of the service tokens: `Authorization: Bearer …`. Add it to the scope that needs it.
 * @param tokens more than one while the token is replaced
 */
export function requireServiceToken(app: FastifyInstance, tokens: readonly string[]): void {
  app.addHook('onRequest', checkServiceToken(tokens))
}

/** The same as a hook, for a single route. */
export function checkServiceToken(tokens: readonly string[]) {
  const accepted = tokens.map((token) => `Bearer ${token}`)
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const given = headers.authorization
    if (given === undefined || !accepted.some((token) => isSame(given, token))) {
      throw new ProblemError('unauthenticated', 'This service answers only calls with its service token.')
    }
  }
}

/** Refuses a token that is none of these, and lets callers without one pass. */
export function refuseWrongToken(tokens: readonly string[]) {
  const check = checkServiceToken(tokens)
  return async (request: FastifyRequest): Promise<void> => {
    if (request.headers.authorization !== undefined) await check(request)
  }
}

const isSame = (given: string, token: string): boolean =>
  given.length === token.length && constantTimeEqual(given, token)
