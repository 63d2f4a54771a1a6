import { z } from 'zod'
import { EMAIL_MAX_LENGTH, localeTag, tenantId } from './common.ts'
import { mailSettings } from './mail-settings.ts'
import { tenantSettings } from './tenants.ts'

const { ttlSeconds } = tenantSettings.shape
/** 17 digits follow from the strictest settings, 6 from the shortest bound numbers. */
const sampleDigits = z.number().int().min(6).max(17)

/** `POST /v1/previews`: the mail with a sample number. */
export const previewRequest = z
  .object({
    tenantName: z.string().max(1000),
    mail: mailSettings.optional(),
    locale: localeTag.nullable(),
    ttlSeconds: ttlSeconds.optional().describe('How long the sample number is said to be valid; 600'),
    digits: sampleDigits.optional().describe('Length of the sample number; 12'),
  })
  .meta({ id: 'PreviewRequest' })
export type PreviewRequest = z.infer<typeof previewRequest>

export const preview = z
  .object({ subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'Preview' })
export type Preview = z.infer<typeof preview>

/** `POST /v1/previews/test`: sends that mail to an address. The reply has the SMTP server's reply. */
export const previewTestRequest = previewRequest
  .extend({ tenantId, email: z.string().max(EMAIL_MAX_LENGTH) })
  .meta({ id: 'PreviewTestRequest' })
export type PreviewTestRequest = z.infer<typeof previewTestRequest>

export const previewTestReply = z.object({
  outcome: z.enum(['sent', 'rejected', 'deferred']),
  reply: z.string(),
})
export type PreviewTestReply = z.infer<typeof previewTestReply>
