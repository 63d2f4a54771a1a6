import { z } from 'zod'
import { MAIL_HOOK_MAX_BYTES } from './body-limits.ts'

/** Providers whose reports of bounces and complaints are supported. */
export const mailProvider = z.enum(['ses', 'sendgrid', 'mailgun', 'postmark', 'generic'])
export type MailProvider = z.infer<typeof mailProvider>

/** `POST /v1/mail-hooks/{provider}`: a provider's call, byte for byte, because it is signed. */
export const mailHook = z
  .object({
    headers: z.record(z.string().max(200), z.string().max(4096)).describe('Names in lower case'),
    body: z.base64().max(Math.ceil(MAIL_HOOK_MAX_BYTES / 3) * 4),
  })
  .meta({ id: 'MailHook' })
export type MailHook = z.infer<typeof mailHook>

/** Headers that carry a signature or a credential of a provider; no others are handed on. */
export const MAIL_HOOK_HEADERS = [
  'authorization',
  'emailauth-signature',
  'x-twilio-email-event-webhook-signature',
  'x-twilio-email-event-webhook-timestamp',
] as const
