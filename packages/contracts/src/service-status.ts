import { z } from 'zod'
import { moment } from './common.ts'

/** `GET /v1/status`: which version runs, and since when. */
export const serviceStatus = z
  .object({ version: z.string(), startedAt: moment })
  .meta({ id: 'ServiceStatus' })
export type ServiceStatus = z.infer<typeof serviceStatus>

/**
 * A relay as one mailer sees it. open: it did not answer lately, and mails pass it by. refusing: it refuses
 * everybody. closed: it is used.
 */
export const relayStatus = z.object({
  host: z.string(),
  port: z.number().int(),
  circuit: z.enum(['closed', 'open', 'refusing']),
  since: moment.nullable().describe('When that began; null: since the start'),
})
export type RelayStatus = z.infer<typeof relayStatus>

/** Messages that wait for another attempt, over all mailers. */
export const queueStatus = z.object({
  waiting: z.number().int().min(0),
  oldestAt: moment.nullable().describe('When the oldest of them came; null: none waits'),
  nextAttemptAt: moment.nullable().describe('When the next one is tried'),
})
export type QueueStatus = z.infer<typeof queueStatus>

/** `GET /v1/status` of the mailer. */
export const mailerStatus = serviceStatus
  .extend({ relays: z.array(relayStatus), queue: queueStatus })
  .meta({ id: 'MailerStatus' })
export type MailerStatus = z.infer<typeof mailerStatus>
