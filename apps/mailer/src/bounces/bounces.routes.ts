import { bounceRequest } from '@emailauth/contracts/messages'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyInstance } from 'fastify'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import { isSignedBounce } from './bounce-signature.ts'
import type { TakeBounce } from './bounces.service.ts'
import { DSN_MAX_BYTES } from './parse-report.ts'
import { createTakeReport } from './take-report.ts'

const BODY_MAX_BYTES = 16 * 1024

/**
 * `POST /v1/bounces` takes bounces from any program that reads them. It needs no service token, because the
 * body is signed: `Emailauth-Signature: t=<Unix seconds>,v1=<hex of HMAC-SHA-256 over "<t>." and the body's
 * bytes>`.
 * A body of type `message/rfc822` is a delivery status notification. Without a secret the route does not
 * exist.
 */
export function addBounceRoutes(
  app: FastifyInstance,
  secret: string,
  takeBounce: TakeBounce,
  now: () => number,
): void {
  const takeReport = createTakeReport(takeBounce)
  app.register(async (scope) => {
    // The signature covers bytes, so the body must not be parsed before it is checked.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_MAX_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.addContentTypeParser(
      'message/rfc822',
      { parseAs: 'buffer', bodyLimit: DSN_MAX_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.post('/v1/bounces', { schema: { hide: true } }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const header = request.headers['emailauth-signature']
      if (!isSignedBounce(secret, typeof header === 'string' ? header : undefined, body, now())) {
        throw new ProblemError('unauthenticated', 'The signature is missing, wrong or too old.')
      }
      if (/^message\/rfc822\b/i.test(request.headers['content-type'] ?? '')) {
        const outcome = await orUnavailable(takeReport(body))
        if (outcome === 'none') throw new ProblemError('bad-input', 'This is no report of a failed delivery.')
        if (outcome === 'unknown') throw new ProblemError('not-found', 'This is no mail of ours.')
        return reply.code(204).send()
      }
      const bounce = bounceRequest.safeParse(json(body))
      if (!bounce.success)
        throw new ProblemError('bad-input', 'The body is not a bounce: messageId, email, permanent, reason.')
      const outcome = await orUnavailable(takeBounce(bounce.data))
      if (outcome === 'unknown') throw new ProblemError('not-found', 'This is no mail of ours.')
      return reply.code(204).send()
    })
  })
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
