import { constantTimeEqual } from '@emailauth/secrets/digest'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'

/** Lets only callers with the service token in: `Authorization: Bearer …`. Add it to the scope that needs it. */
export function requireServiceToken(app: FastifyInstance, serviceToken: string): void {
  const expected = `Bearer ${serviceToken}`
  app.addHook('onRequest', async (request) => {
    const given = request.headers.authorization
    if (given === undefined || given.length !== expected.length || !constantTimeEqual(given, expected)) {
      throw new ProblemError('unauthenticated', 'This service answers only calls with its service token.')
    }
  })
}
