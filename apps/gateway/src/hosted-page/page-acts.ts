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

/**
 * What a person does on the page. An act leads back to the form or to the tenant's server. It answers with a
 * page when there is nothing to go back to, or a limit or the mail server refused it.
 */
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

  async function showForm(at: Visit, feedback: FormFeedback = {}) {
    const { request, reply, identityId, frame } = at
    const identity = await services.persistence.identity(identityId)
    if (identity === undefined) return gone(reply, frame)
    const page = formPage({
      resendInSeconds: secondsToResend(frame.tenant, Date.parse(identity.createdAt), Date.now()),
      ...frame,
      ...feedbackOf(at),
      ...feedback,
      action: `/verify/${encodeURIComponent(request.params.identityId)}`,
      maskedEmail: maskedEmail(identity.email),
      attempt: randomBytesOf(16).toString('base64url'),
      returnUrl: frame.backTo,
    })
    return sendPage(reply, frame, page)
  }

  /**
   * Shows the form by a GET. Browsers ask whether to send an act again when a page that answered a form is
   * loaded once more: by the back button, or because a phone has closed the tab while its owner read mail.
   */
  async function backToForm({ reply, identityId, frame }: Visit, said: 'wrong' | 'resent') {
    if ((await services.persistence.identity(identityId)) === undefined) return gone(reply, frame)
    const query = new URLSearchParams({
      returnTo: frame.backTo,
      said,
      at: String(Math.floor(Date.now() / 1000)),
    })
    const location = `/verify/${encodeURIComponent(identityId)}?${query}`
    return sendPage(reply.code(303).header('location', location), frame, '')
  }

  async function takeNumber(at: Visit) {
    const { request, reply, identityId, frame } = at
    const typed = hostedVerificationRequest.shape.number.safeParse(field(request, 'number'))
    if (!typed.success) return backToForm(at, 'wrong')
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
        return backToForm(at, 'wrong')
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
        return backToForm(at, 'resent')
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

/** What the act before this GET has done. A link with other words gets the same page without them. */
function feedbackOf({ request, frame }: Visit): FormFeedback {
  const texts = textsIn(frame.language)
  const said = field(request, 'said')
  if (said === 'wrong') return { problem: texts.wrong }
  if (said !== 'resent') return {}
  const mailedAtMs = Number(field(request, 'at')) * 1000
  if (!Number.isFinite(mailedAtMs)) return { notice: texts.resent }
  return { notice: texts.resent, resendInSeconds: secondsToResend(frame.tenant, mailedAtMs, Date.now()) }
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
