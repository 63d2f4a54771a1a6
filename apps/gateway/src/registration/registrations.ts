import type { Registration, RegistrationRequest } from '@emailauth/contracts/registrations'
import type { TenantSender } from '@emailauth/contracts/tenants'
import type { Logger } from '@emailauth/service/logger'
import { type DeliveryReports, detailOf } from '../events/delivery-reports.ts'
import { outcomeOf } from '../graphql/outcome.ts'
import type { FairTurns } from '../services/fair-turns.ts'
import { type DeliveryState, deliveryState } from '../services/mailer/delivery-state.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { RegisterOutcome } from './registration.types.ts'
import { pretendDelivery } from './test-deliveries.ts'

/** The request that causes a mail. */
interface MailCause {
  readonly tenantId: string
  readonly requestId: string
}

/** One call to `resend`. */
interface Resend extends MailCause {
  readonly identityId: string
}

/** What persistence answered: a number to mail, or why there is none. */
type Stored = { readonly registration: Registration } | { readonly refusal: RegisterOutcome }

/** Registers an identity and mails its number: persistence first, then the mailer, then the follow-up. */
export interface Registrations {
  register(request: RegistrationRequest): Promise<RegisterOutcome>
  /** Mails the same number again; it expires at the same moment as before. */
  resend(call: Resend): Promise<RegisterOutcome>
}

export interface RegistrationsOptions {
  readonly persistence: Pick<Persistence, 'register' | 'resend' | 'refuse'>
  readonly mailer: Pick<Mailer, 'send' | 'message' | 'drop'>
  readonly tenants: Pick<TenantDirectory, 'sender'>
  readonly deliveries: Pick<DeliveryReports, 'report'>
  readonly turns: FairTurns
  readonly logger: Pick<Logger, 'warn'>
}

export function createRegistrations({
  persistence,
  mailer,
  tenants,
  deliveries,
  turns,
  logger,
}: RegistrationsOptions): Registrations {
  /** The number is stored. No mail fault undoes that, except that the relay refuses the recipient. */
  async function mail(
    registration: Registration,
    call: MailCause,
    sender: TenantSender,
  ): Promise<RegisterOutcome> {
    const { identityId, email, expiresAt, replaced } = registration
    const delivery = await deliver(registration, call, sender)
    if (typeof delivery === 'string') {
      return { __typename: 'Registered', identityId, email, expiresAt, delivery, replaced }
    }
    if (delivery.identityStays) return delivery.refusal
    await persistence
      .refuse({ tenantId: call.tenantId, identityId, ...delivery.refusedBy })
      .catch((error) =>
        logger.warn(
          { err: error, reqId: call.requestId, identityId },
          'a refused identity stays until it expires',
        ),
      )
    return delivery.refusal
  }

  async function deliver(
    registration: Registration,
    { tenantId, requestId }: MailCause,
    sender: TenantSender,
  ) {
    const { identityId, email, number, locale, expiresAt, messageId, testDelivery } = registration
    if (testDelivery !== undefined) {
      const outcome = pretendDelivery(registration, testDelivery, deliveries)
      return outcome === 'rejected'
        ? { refusal: TEST_MAIL_REJECTED, refusedBy: {}, identityStays: false }
        : outcome
    }
    try {
      // The repeated reply of a used number: nothing to mail, only its delivery outcome to return.
      if (number === null) return deliveryState((await mailer.message(identityId))?.state)
      const { tenantName, mail: settings } = sender
      const message = {
        messageId,
        identityId,
        tenantId,
        tenantName,
        email,
        number,
        locale,
        expiresAt,
        mail: settings,
      }
      const result = await mailer.send(message, requestId)
      if ('problem' in result) {
        const refusal = outcomeOf(result.problem, 'EmailRejected')
        return { refusal, refusedBy: detailOf(result.refusedBy), identityStays: false }
      }
      // The mailer reports this state only if an earlier mail has delivered the number.
      if (result.message.state === 'rejected')
        return { refusal: FURTHER_MAIL_REJECTED, refusedBy: {}, identityStays: true }
      deliveries.report(result.message)
      return deliveryState(result.message.state)
    } catch (error) {
      logger.warn({ err: error, reqId: requestId, identityId }, 'the number was not mailed')
      return 'FAILED' satisfies DeliveryState
    }
  }

  /**
   * Stores, then mails, in one of the tenant's turns. The sender is asked for before anything is stored, so
   * that a fault there leaves nothing behind.
   */
  async function inTurn(call: MailCause, store: () => Promise<Stored>): Promise<RegisterOutcome> {
    const begun = turns.begin(call.tenantId)
    let turn = begun instanceof Promise ? await begun : begun
    try {
      const sender = (await tenants.sender(call.tenantId)) ?? { tenantName: call.tenantId }
      const stored = await store()
      if ('refusal' in stored) return stored.refusal
      turn = turns.mails(turn)
      return await mail(stored.registration, call, sender)
    } finally {
      turns.end(turn)
    }
  }

  return {
    register: (request) =>
      inTurn(request, async () => {
        const result = await persistence.register(request)
        if ('problem' in result) return { refusal: outcomeOf(result.problem, 'RateLimited') }
        const { replacedIdentityId } = result.registration
        if (replacedIdentityId !== null) mailer.drop(replacedIdentityId, 'gone')
        return result
      }),
    resend: (call) =>
      inTurn(call, async () => {
        const result = await persistence.resend(call)
        if ('problem' in result)
          return { refusal: outcomeOf(result.problem, 'RateLimited', 'IdentityNotFound') }
        return { registration: { ...result.registration, replaced: false } }
      }),
  }
}

const TEST_MAIL_REJECTED = {
  __typename: 'EmailRejected',
  code: 'EMAIL_REJECTED',
  message: 'The mail server of this address refused the mail for good.',
} as const satisfies RegisterOutcome

const FURTHER_MAIL_REJECTED = {
  __typename: 'EmailRejected',
  code: 'EMAIL_REJECTED',
  message: 'The mail server refused this mail for good; the number that was mailed before stays valid.',
} as const satisfies RegisterOutcome
