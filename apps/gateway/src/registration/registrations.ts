import type { Registration, RegistrationRequest } from '@emailauth/contracts/registrations'
import type { TenantSender } from '@emailauth/contracts/tenants'
import type { Logger } from '@emailauth/service/logging/logger'
import type { DeliveryReports } from '../events/delivery-reports.ts'
import { outcomeOf } from '../graphql/outcomes/outcome.ts'
import type { FairTurns } from '../services/fair-turns.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import { createMailNumber, type MailCause } from './mail-number.ts'
import type { RegisterOutcome } from './registration.types.ts'

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
  readonly persistence: Pick<Persistence, 'register' | 'resend' | 'refuse' | 'refundMail'>
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
  const mailNumber = createMailNumber({ mailer, persistence, deliveries, logger })

  /** The number is stored. No mail fault undoes that, except that the relay refuses the recipient. */
  async function mail(
    registration: Registration,
    call: MailCause,
    sender: TenantSender,
  ): Promise<RegisterOutcome> {
    const { identityId, email, expiresAt, replaced } = registration
    const delivery = await mailNumber(registration, call, sender)
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
