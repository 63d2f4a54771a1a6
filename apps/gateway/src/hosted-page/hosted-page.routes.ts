import { BODY_LIMITS } from '@emailauth/contracts/body-limits'
import { waitingTime } from '@emailauth/contracts/waiting-time'
import { createClientRate } from '@emailauth/service/http/client-rate'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOwnOrigin } from '../access/cookies.ts'
import { inTime, OPERATION_TIMEOUT_MS } from '../graphql/deadline.ts'
import { type LoadSheddingOptions, shedLoad } from '../http/load-shedding.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import { noticePage } from './page.ts'
import { createPageActs, type PageServices } from './page-acts.ts'
import { sendPage } from './page-headers.ts'
import { frameOf, type PageRequest, type Visit, visitOf } from './visit.ts'

export interface HostedPageOptions {
  readonly services: PageServices & { readonly tenants: Pick<TenantDirectory, 'find'> }
  readonly serviceToken: string
  readonly load: LoadSheddingOptions
  readonly timeoutMs?: number | undefined
}

/**
 * Requests of one client, before anything is looked up. A person needs about four, and an office shares one
 * address; strangers need no key here.
 */
export const PAGE_RATE = { most: 300, windowMs: 60_000 } as const

/**
 * `/verify/<identityId>`: the page on which a person types the number, for tenants without one of their own.
 * The person returns to the tenant's server with a one-time result. A GET changes nothing, because mail
 * scanners follow links; every act is a POST from our own page.
 */
export function hostedPageRoutes(app: FastifyInstance, options: HostedPageOptions): void {
  const { services, load, serviceToken, timeoutMs = OPERATION_TIMEOUT_MS } = options
  const { showForm, takeNumber, resend } = createPageActs(services, serviceToken)

  const handle =
    (act: (at: Visit) => Promise<FastifyReply>) => async (request: PageRequest, reply: FastifyReply) => {
      const work = async () => {
        if (request.method === 'POST' && !isOwnOrigin(request)) {
          const frame = frameOf(request)
          return sendPage(reply.code(403), frame, noticePage(frame, 'failedTitle', 'foreign'))
        }
        const at = await visitOf(services.tenants, request, reply)
        return at === undefined ? unknown(request, reply) : act(at)
      }
      return inTime(work(), timeoutMs)
    }

  void app.register(async (scope) => {
    const rate = createClientRate(PAGE_RATE)
    scope.addHook('onRequest', async (request, reply) => {
      const seconds = rate.secondsToWait(request.ip)
      if (seconds === 0) return undefined
      const frame = frameOf(request)
      const page = noticePage(frame, 'failedTitle', 'limited', { time: waitingTime(seconds) })
      return sendPage(reply.code(429).header('retry-after', seconds), frame, page)
    })
    shedLoad(scope, load)
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMITS.form },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    scope.setErrorHandler((error, request, reply) => {
      const frame = frameOf(request)
      const statusCode = statusOf(error)
      if (statusCode >= 500) request.log.warn({ err: error }, 'the hosted page could not be shown')
      return sendPage(reply.code(statusCode), frame, noticePage(frame, 'failedTitle', 'failed'))
    })
    scope.get('/verify/:identityId', handle(showForm))
    scope.post('/verify/:identityId', handle(takeNumber))
    scope.post('/verify/:identityId/resend', handle(resend))
  })
}

/** An error without a status is a fault of ours. */
function statusOf(error: unknown): number {
  if (error instanceof ProblemError) return error.problem.status
  const hasStatus = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
  return hasStatus ? Number(error.statusCode) : 503
}

function unknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameOf(request)
  return sendPage(reply.code(404), frame, noticePage(frame, 'unknownTitle', 'unknown'))
}
