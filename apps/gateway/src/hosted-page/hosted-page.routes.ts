import { identityId as identityIdShape, tenantOfIdentity } from '@emailauth/contracts/common'
import { hostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import type { Tenant } from '@emailauth/contracts/tenants'
import { waitingTime } from '@emailauth/contracts/waiting-time'
import { randomBytesOf } from '@emailauth/secrets/random'
import { createClientRate } from '@emailauth/service/client-rate'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOwnOrigin } from '../access/cookies.ts'
import { inTime, OPERATION_TIMEOUT_MS } from '../graphql/deadline.ts'
import type { CountOutcome } from '../graphql/outcome-metrics.ts'
import { type LoadSheddingOptions, shedLoad } from '../http/load-shedding.ts'
import type { RegisterOutcome } from '../registration/registration.types.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { Verifications } from '../verification/verifications.ts'
import { formPage, type PageFrame, sayingPage } from './page.ts'
import { sendPage } from './page-headers.ts'
import { secondsToResend } from './resend-timer.ts'
import { createAttemptNames } from './results.ts'
import { maskedEmail, returnUrlOf, withResult } from './return-address.ts'
import { filled, pageLanguage, textsIn } from './texts.ts'

export interface HostedPageOptions {
  readonly services: {
    readonly tenants: Pick<TenantDirectory, 'find'>
    readonly persistence: Pick<Persistence, 'identity'>
    readonly registrations: Pick<Registrations, 'resend'>
    readonly verifications: Pick<Verifications, 'verifyOnPage'>
    readonly countOutcome: CountOutcome
  }
  readonly serviceToken: string
  readonly load: LoadSheddingOptions
  readonly timeoutMs?: number | undefined
}

type PageRequest = FastifyRequest<{ Params: { identityId: string } }>

/** A request that names a live tenant which uses the page. */
interface Visit {
  readonly request: PageRequest
  readonly reply: FastifyReply
  readonly frame: PageFrame & { readonly tenant: Tenant; readonly backTo: string }
  readonly identityId: string
}

interface Said {
  readonly problem?: string
  readonly notice?: string
  /** Until the mail is offered again. Absent: as the registration has it. */
  readonly resendInSeconds?: number
}

/** More than a form of ours ever has. */
const FORM_BYTES = 8 * 1024

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
  const namesOf = createAttemptNames(serviceToken)

  async function visit(request: PageRequest, reply: FastifyReply): Promise<Visit | undefined> {
    const { identityId } = request.params
    if (!identityIdShape.safeParse(identityId).success) return undefined
    const tenant = await services.tenants.find(tenantOfIdentity(identityId))
    if (tenant?.status !== 'active') return undefined
    const backTo = returnUrlOf(tenant, field(request, 'returnTo'))
    if (backTo === undefined) return undefined
    const frame = { ...frameOf(request, tenant.settings.locale), tenant, backTo }
    return { request, reply, identityId, frame }
  }

  async function showForm({ request, reply, identityId, frame }: Visit, said: Said = {}) {
    const identity = await services.persistence.identity(identityId)
    if (identity === undefined) return gone(reply, frame)
    const page = formPage({
      resendInSeconds: secondsToResend(frame.tenant, Date.parse(identity.createdAt), Date.now()),
      ...frame,
      ...said,
      action: `/verify/${encodeURIComponent(request.params.identityId)}`,
      maskedEmail: maskedEmail(identity.email),
      attempt: randomBytesOf(16).toString('base64url'),
      returnUrl: frame.backTo,
    })
    return sendPage(reply, frame, page)
  }

  async function takeNumber(at: Visit) {
    const { request, reply, identityId, frame } = at
    const texts = textsIn(frame.language)
    const typed = hostedVerificationRequest.shape.number.safeParse(field(request, 'number'))
    if (!typed.success) return showForm({ ...at, reply: reply.code(422) }, { problem: texts.wrong })
    const number = typed.data
    const names = namesOf({ identityId, attempt: field(request, 'attempt') ?? '', number })
    const call = { tenantId: frame.tenant.id, requestId: request.id, identityId, number, ...names }
    const outcome = services.countOutcome(
      'verify',
      await services.verifications.verifyOnPage({ ...call, clientIp: request.ip }),
    )
    switch (outcome.__typename) {
      case 'VerifiedOnPage':
        return sendPage(
          reply.code(303).header('location', withResult(frame.backTo, identityId, names.result)),
          frame,
          '',
        )
      case 'RateLimited':
        return showForm(limited(at, outcome), { problem: limitedText(at, outcome) })
      default:
        return showForm({ ...at, reply: reply.code(422) }, { problem: texts.wrong })
    }
  }

  async function resend(at: Visit) {
    const { request, reply, identityId, frame } = at
    const texts = textsIn(frame.language)
    const call = { tenantId: frame.tenant.id, requestId: request.id, identityId }
    const outcome: RegisterOutcome = services.countOutcome(
      'resend',
      await services.registrations.resend(call),
    )
    switch (outcome.__typename) {
      case 'Registered':
        return showForm(at, {
          notice: texts.resent,
          resendInSeconds: secondsToResend(frame.tenant, Date.now(), Date.now()),
        })
      case 'RateLimited':
        return showForm(limited(at, outcome), {
          problem: limitedText(at, outcome),
          resendInSeconds: outcome.retryAfterSeconds,
        })
      case 'EmailRejected':
        return showForm({ ...at, reply: reply.code(422) }, { problem: texts.rejected })
      default:
        return gone(reply, frame)
    }
  }

  const handle =
    (act: (at: Visit) => Promise<FastifyReply>) => async (request: PageRequest, reply: FastifyReply) => {
      const work = async () => {
        if (request.method === 'POST' && !isOwnOrigin(request)) {
          const frame = frameOf(request)
          return sendPage(reply.code(403), frame, sayingPage(frame, 'failedTitle', 'foreign'))
        }
        const at = await visit(request, reply)
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
      const page = sayingPage(frame, 'failedTitle', 'limited', { time: waitingTime(seconds) })
      return sendPage(reply.code(429).header('retry-after', seconds), frame, page)
    })
    shedLoad(scope, load)
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    scope.setErrorHandler((error, request, reply) => {
      const frame = frameOf(request)
      const statusCode = statusOf(error)
      if (statusCode >= 500) request.log.warn({ err: error }, 'the hosted page could not be shown')
      return sendPage(reply.code(statusCode), frame, sayingPage(frame, 'failedTitle', 'failed'))
    })
    scope.get('/verify/:identityId', handle(showForm))
    scope.post('/verify/:identityId', handle(takeNumber))
    scope.post('/verify/:identityId/resend', handle(resend))
  })
}

/** An error without a status is a fault of ours. */
function statusOf(error: unknown): number {
  if (error instanceof ProblemError) return error.problem.status
  const { statusCode = 503 } = error as { statusCode?: number }
  return statusCode
}

function frameOf({ headers }: FastifyRequest, localeOfTenant?: string): PageFrame {
  return { language: pageLanguage(headers, localeOfTenant), nonce: randomBytesOf(16).toString('base64url') }
}

/** Of the form, or of the query where there is no form; a field that comes twice is none. */
function field({ method, body, query }: FastifyRequest, name: string): string | undefined {
  if (method === 'POST') {
    const values = body instanceof URLSearchParams ? body.getAll(name) : []
    return values.length === 1 ? values[0] : undefined
  }
  const value = (query as Readonly<Record<string, unknown>>)[name]
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : 'twice'
}

function gone(reply: FastifyReply, frame: PageFrame): FastifyReply {
  return sendPage(reply.code(410), frame, sayingPage(frame, 'goneTitle', 'gone'))
}

function unknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameOf(request)
  return sendPage(reply.code(404), frame, sayingPage(frame, 'unknownTitle', 'unknown'))
}

function limited(at: Visit, { retryAfterSeconds }: { retryAfterSeconds: number }): Visit {
  return { ...at, reply: at.reply.code(429).header('retry-after', retryAfterSeconds) }
}

function limitedText({ frame }: Visit, { retryAfterSeconds }: { retryAfterSeconds: number }): string {
  return filled(textsIn(frame.language).limited, { time: waitingTime(retryAfterSeconds) })
}
