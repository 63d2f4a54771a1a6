import { bounceRequest } from '@emailauth/contracts/messages'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { FastifyInstance } from 'fastify'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import { isSignedBounce } from './bounce-signature.ts'
import type { TakeBounce } from './bounces.service.ts'
import { DSN_MAX_BYTES } from './parse-report.ts'
import { createTakeReport, type TakeReport } from './take-report.ts'

/** In bytes, for each media type. */
const BODY_LIMITS = { '*': 16 * 1024, 'message/rfc822': DSN_MAX_BYTES }

interface BounceRoutesPort {
  /** The secret of the signature. */
  readonly secret: string
  readonly takeBounce: TakeBounce
  readonly takeReport: TakeReport
  readonly now: () => number
}

const route = routeWith<BounceRoutesPort>()

/** Without a secret the route does not exist. */
export function addBounceRoutes(
  app: FastifyInstance,
  secret: string,
  takeBounce: TakeBounce,
  now: () => number,
): void {
  const ports = { secret, takeBounce, takeReport: createTakeReport(takeBounce), now }
  app.register(async (scope) => {
    // The signature covers bytes, so the body must not be parsed before it is checked.
    scope.removeAllContentTypeParsers()
    for (const [type, bodyLimit] of Object.entries(BODY_LIMITS))
      scope.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
        done(null, body),
      )
    addRoutes(scope, ports, [takeSignedBounce])
  })
}

/**
 * Takes bounces from any program that reads them. It needs no service token, because the body is signed:
 * `Emailauth-Signature: t=<Unix seconds>,v1=<hex of HMAC-SHA-256 over "<t>." and the body's bytes>`.
 * A body of type `message/rfc822` is a delivery status notification.
 */
const takeSignedBounce = route({
  method: 'POST',
  url: '/v1/bounces',
  // No shape for the body, because it is bytes.
  schema: { hide: true },
  handler: async ({ secret, takeBounce, takeReport, now }, request, reply) => {
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
  },
})

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
