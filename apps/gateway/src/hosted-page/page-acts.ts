import { hostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import { findTypedNumber } from '@emailauth/contracts/typed-number'
import { randomBytesOf } from '@emailauth/secrets/random'
import type { FastifyReply } from 'fastify'
import type { CountOutcome } from '../graphql/outcomes/outcome-metrics.ts'
import type { RegisterOutcome } from '../registration/registration.types.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { Verifications } from '../verification/verifications.ts'
import { feedbackOf, queryAfter, resendInSecondsOf, type Said } from './feedback.ts'
import { formPage, noticePage, type PageFrame } from './page.ts'
import { sendPage } from './page-headers.ts'
import { createAttemptNames } from './results.ts'
import { maskedEmail, withResult } from './return-address.ts'
import { field, type Visit } from './visit.ts'

export interface PageServices {
  readonly persistence: Pick<Persistence, 'identity'>
  readonly registrations: Pick<Registrations, 'resend'>
  readonly verifications: Pick<Verifications, 'verifyOnPage'>
  readonly countOutcome: CountOutcome
}

/**
 * What a person does on the page. An act leads back to the form or to the tenant's server. It answers with a
 * page only when there is nothing to go back to.
 */
export interface PageActs {
  showForm(at: Visit): Promise<FastifyReply>
  takeNumber(at: Visit): Promise<FastifyReply>
  resend(at: Visit): Promise<FastifyReply>
}

export function createPageActs(services: PageServices, serviceToken: string): PageActs {
  const namesOf = createAttemptNames(serviceToken)

  async function showForm(at: Visit) {
    const { request, reply, identityId, frame } = at
    const identity = await services.persistence.identity(identityId)
    if (identity === undefined) return gone(reply, frame)
    const nowMs = Date.now()
    const resendInSeconds = resendInSecondsOf(at, identity.createdAt, nowMs)
    const page = formPage({
      ...frame,
      ...feedbackOf(at, nowMs),
      action: `/verify/${encodeURIComponent(request.params.identityId)}`,
      maskedEmail: maskedEmail(identity.email),
      attempt: randomBytesOf(16).toString('base64url'),
      returnUrl: frame.backTo,
      resendInSeconds,
      resendAt: nowMs + resendInSeconds * 1000,
    })
    return sendPage(reply, frame, page)
  }

  /**
   * Shows the form by a GET. Browsers ask whether to send an act again when a page that answered a form is
   * loaded once more: by the back button, or because a phone has closed the tab while its owner read mail.
   */
  async function backToForm(at: Visit, act: Said) {
    const { reply, identityId, frame } = at
    if ((await services.persistence.identity(identityId)) === undefined) return gone(reply, frame)
    const location = `/verify/${encodeURIComponent(identityId)}?${queryAfter(at, act, Date.now())}`
    return sendPage(reply.code(303).header('location', location), frame, '')
  }

  async function takeNumber(at: Visit) {
    const { request, reply, identityId, frame } = at
    const typed = hostedVerificationRequest.shape.number.safeParse(field(request, 'number'))
    if (!typed.success) return backToForm(at, { said: 'wrong' })
    // A person pastes a line of the mail too. What is no number stays as it was typed, and is wrong.
    const number = findTypedNumber(typed.data) ?? typed.data
    // Of what was typed: a gateway of an earlier build finds nothing in it, and must derive the same names.
    const names = namesOf({ identityId, attempt: field(request, 'attempt') ?? '', number: typed.data })
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
        return backToForm(at, { said: 'limited', retryAfterSeconds: outcome.retryAfterSeconds })
      default:
        return backToForm(at, { said: 'wrong' })
    }
  }

  async function resend(at: Visit) {
    const { request, reply, identityId, frame } = at
    const call = { tenantId: frame.tenant.id, requestId: request.id, identityId }
    const outcome: RegisterOutcome = services.countOutcome(
      'resend',
      await services.registrations.resend(call),
    )
    switch (outcome.__typename) {
      case 'Registered':
        return backToForm(at, { said: 'resent' })
      case 'RateLimited':
        return backToForm(at, { said: 'resend-limited', retryAfterSeconds: outcome.retryAfterSeconds })
      case 'EmailRejected':
        return backToForm(at, { said: 'rejected' })
      default:
        return gone(reply, frame)
    }
  }

  return { showForm, takeNumber, resend }
}

function gone(reply: FastifyReply, frame: PageFrame): FastifyReply {
  return sendPage(reply.code(410), frame, noticePage(frame, 'goneTitle', 'gone'))
}
