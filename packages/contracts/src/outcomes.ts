import { z } from 'zod'
import { BATCH_MAX, identityId } from './common.ts'

/**
 * What became of a mail after its send had been answered: the queue's next attempt reached the SMTP server, which took it or refused it for good,
 * or a mail that was taken came back.
 */
export const outcome = z
  .object({
    identityId,
    messageId: z.string().min(1).max(120),
    state: z.enum(['sent', 'rejected', 'bounced']),
  })
  .meta({ id: 'Outcome' })
export type Outcome = z.infer<typeof outcome>

/** An outcome that was handed out and not marked as told is handed out again after so long. */
export const OUTCOME_LEASE_SECONDS = 15

/** `POST /v1/outcomes/lease`: unreported outcomes, oldest first. Nobody else gets them during the lease. */
export const outcomeLeaseRequest = z
  .object({ max: z.number().int().min(1).max(BATCH_MAX) })
  .meta({ id: 'OutcomeLeaseRequest' })
export const outcomeList = z.object({ outcomes: z.array(outcome) })

/** `POST /v1/outcomes/acknowledged`: persistence has these outcomes, so the mailer forgets them. */
export const outcomeAcknowledgement = z
  .object({ outcomes: z.array(outcome).min(1).max(BATCH_MAX) })
  .meta({ id: 'OutcomeAcknowledgement' })
