import { constantTimeEqual } from '@emailauth/secrets/digest'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'

/** Requires the service token: `Authorization: Bearer …`. Add it to the scope that needs it. */
export function requireServiceToken(app: FastifyInstance, serviceToken: string): void {
  app.addHook('onRequest', checkServiceToken(serviceToken))
}

/** The same as a hook, for a single route. */
export function checkServiceToken(serviceToken: string) {
  const expected = `Bearer ${serviceToken}`
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const given = headers.authorization
    if (given === undefined || given.length !== expected.length || !constantTimeEqual(given, expected)) {
      throw new ProblemError('unauthenticated', 'This service answers only calls with its service token.')
    }
  }
}
