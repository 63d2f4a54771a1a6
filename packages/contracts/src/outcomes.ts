import { z } from 'zod'
import { BATCH_MAX, identityId } from './common.ts'
import { deliveryDetail } from './events.ts'
import { waitSeconds } from './long-poll.ts'

/**
 * A delivery outcome after the reply to the send call. A later attempt was accepted or refused for good by
 * the SMTP server, or an accepted mail came back.
 */
export const outcome = z
  .object({
    identityId,
    messageId: z.string().min(1).max(120),
    state: z.enum(['sent', 'rejected', 'bounced']),
    ...deliveryDetail.shape,
  })
  .meta({ id: 'Outcome' })
export type Outcome = z.infer<typeof outcome>

/** A leased outcome that was not acknowledged is leased again after this time. */
export const OUTCOME_LEASE_SECONDS = 15

/**
 * `POST /v1/outcomes/lease`: unreported outcomes, oldest first. No other caller gets them during the lease.
 * With `waitSeconds` the reply waits until there is one.
 */
export const outcomeLeaseRequest = z
  .object({ max: z.number().int().min(1).max(BATCH_MAX), waitSeconds: waitSeconds.optional() })
  .meta({ id: 'OutcomeLeaseRequest' })
export const outcomeList = z.object({ outcomes: z.array(outcome) })

/** `POST /v1/outcomes/acknowledged`: persistence has these outcomes, so the mailer deletes them. */
export const outcomeAcknowledgement = z
  .object({ outcomes: z.array(outcome).min(1).max(BATCH_MAX) })
  .meta({ id: 'OutcomeAcknowledgement' })
