import { hostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import { waitingTime } from '@emailauth/contracts/waiting-time'
import { randomBytesOf } from '@emailauth/secrets/random'
import type { FastifyReply } from 'fastify'
import type { CountOutcome } from '../graphql/outcome-metrics.ts'
import type { RegisterOutcome } from '../registration/registration.types.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { Verifications } from '../verification/verifications.ts'
import { formPage, noticePage, type PageFrame } from './page.ts'
import { sendPage } from './page-headers.ts'
import { secondsToResend } from './resend-timer.ts'
import { createAttemptNames } from './results.ts'
import { maskedEmail, withResult } from './return-address.ts'
import { filled, textsIn } from './texts.ts'
import { field, type Visit } from './visit.ts'

export interface PageServices {
  readonly persistence: Pick<Persistence, 'identity'>
  readonly registrations: Pick<Registrations, 'resend'>
  readonly verifications: Pick<Verifications, 'verifyOnPage'>
  readonly countOutcome: CountOutcome
}

/** What a person does on the page. Each act answers with a page, or leads back to the tenant's server. */
export interface PageActs {
  showForm(at: Visit): Promise<FastifyReply>
  takeNumber(at: Visit): Promise<FastifyReply>
  resend(at: Visit): Promise<FastifyReply>
}

/** What the form says about the last act. */
interface FormFeedback {
  readonly problem?: string
  readonly notice?: string
  /** The page offers to mail again after this time. Absent: as the registration has it. */
  readonly resendInSeconds?: number
}

export function createPageActs(services: PageServices, serviceToken: string): PageActs {
  const namesOf = createAttemptNames(serviceToken)

  async function showForm({ request, reply, identityId, frame }: Visit, feedback: FormFeedback = {}) {
    const identity = await services.persistence.identity(identityId)
    if (identity === undefined) return gone(reply, frame)
    const page = formPage({
      resendInSeconds: secondsToResend(frame.tenant, Date.parse(identity.createdAt), Date.now()),
      ...frame,
      ...feedback,
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

  return { showForm: (at) => showForm(at), takeNumber, resend }
}

function gone(reply: FastifyReply, frame: PageFrame): FastifyReply {
  return sendPage(reply.code(410), frame, noticePage(frame, 'goneTitle', 'gone'))
}

function limited(at: Visit, { retryAfterSeconds }: { retryAfterSeconds: number }): Visit {
  return { ...at, reply: at.reply.code(429).header('retry-after', retryAfterSeconds) }
}

function limitedText({ frame }: Visit, { retryAfterSeconds }: { retryAfterSeconds: number }): string {
  return filled(textsIn(frame.language).limited, { time: waitingTime(retryAfterSeconds) })
}
