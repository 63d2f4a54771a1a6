import { MAIL_REFUSED } from '@emailauth/contracts/problems'
import type { Registration } from '@emailauth/contracts/registrations'
import type { TenantSender } from '@emailauth/contracts/tenants'
import { NotSent } from '@emailauth/rpc/client/transport'
import type { Logger } from '@emailauth/service/logging/logger'
import { type DeliveryReports, detailOf } from '../events/delivery-reports.ts'
import { outcomeOf } from '../graphql/outcomes/outcome.ts'
import { type DeliveryState, deliveryState } from '../services/mailer/delivery-state.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { RegisterOutcome } from './registration.types.ts'
import { pretendDelivery, TEST_REFUSAL } from './test-deliveries.ts'

/** The request that causes a mail. */
export interface MailCause {
  readonly tenantId: string
  readonly requestId: string
  readonly idempotencyKey?: string | undefined
}

/** The recipient was refused for good. */
export interface RefusedMail {
  readonly refusal: RegisterOutcome
  /** The relay that refused it and its reply, as far as known. */
  readonly refusedBy: Partial<ReturnType<typeof detailOf>>
  /** An earlier mail has delivered the number, so it stays valid. */
  readonly identityStays: boolean
}

/** Mails a number that is stored. Never throws: a fault is `FAILED`, and logged. */
export type MailNumber = (
  registration: Registration,
  cause: MailCause,
  sender: TenantSender,
) => Promise<DeliveryState | RefusedMail>

export interface MailNumberOptions {
  readonly mailer: Pick<Mailer, 'send' | 'message'>
  readonly persistence: Pick<Persistence, 'refundMail'>
  readonly deliveries: Pick<DeliveryReports, 'report'>
  readonly logger: Pick<Logger, 'warn'>
}

export function createMailNumber(options: MailNumberOptions): MailNumber {
  const { mailer, persistence, deliveries, logger } = options

  /** The person may ask again at once, because certainly no mail is under way. */
  async function refund({ identityId, messageId }: Registration, cause: MailCause): Promise<void> {
    const { tenantId, requestId, idempotencyKey } = cause
    const operation = messageId === identityId ? 'register' : 'resend'
    await persistence
      .refundMail({ tenantId, requestId, idempotencyKey, identityId, operation })
      .catch((err) =>
        logger.warn({ err, reqId: requestId, identityId }, 'a mail that was not sent stays counted'),
      )
  }

  return async (registration, cause, sender) => {
    const { tenantId, requestId } = cause
    const { identityId, email, number, locale, expiresAt, messageId, testDelivery } = registration
    if (testDelivery !== undefined) {
      const outcome = pretendDelivery(registration, testDelivery, deliveries)
      return outcome === 'rejected'
        ? { refusal: TEST_MAIL_REJECTED, refusedBy: detailOf(TEST_REFUSAL), identityStays: false }
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
      if (error instanceof NotSent) await refund(registration, cause)
      return 'FAILED' satisfies DeliveryState
    }
  }
}

const TEST_MAIL_REJECTED = {
  __typename: 'EmailRejected',
  code: 'EMAIL_REJECTED',
  message: MAIL_REFUSED,
} as const satisfies RegisterOutcome

const FURTHER_MAIL_REJECTED = {
  __typename: 'EmailRejected',
  code: 'EMAIL_REJECTED',
  message: 'The mail server refused this mail for good; the number that was mailed before stays valid.',
} as const satisfies RegisterOutcome
