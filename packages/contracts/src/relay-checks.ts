import { z } from 'zod'
import { tenantId } from './common.ts'
import { mailSettings } from './mail-settings.ts'

/** `POST /v1/relay-checks`: connects to the relay of a tenant's mails, without a mail. */
export const relayCheckRequest = z
  .object({
    tenantId,
    mail: mailSettings.pick({ smtpUrl: true, sealedSmtpUrl: true }).optional(),
  })
  .meta({ id: 'RelayCheckRequest' })
export type RelayCheckRequest = z.infer<typeof relayCheckRequest>

/** What a relay said. `fail`: no mail would get through. */
export const relayCheck = z.object({
  host: z.string(),
  port: z.number().int(),
  level: z.enum(['ok', 'warn', 'fail']),
  detail: z.string().describe('One sentence, without credentials'),
})
export type RelayCheck = z.infer<typeof relayCheck>

/** In the order in which the relays are used. */
export const relayCheckReply = z.object({ relays: z.array(relayCheck) }).meta({ id: 'RelayCheckReply' })
