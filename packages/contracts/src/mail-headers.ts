import { z } from 'zod'

/** Provider's headers that have no `X-` before them. */
const WELL_KNOWN = new Set([
  // Google's feedback loop: which kind of mail people call spam.
  'feedback-id',
  // Elastic Email: a code is no newsletter.
  'istransactional',
])
/** What the mailer says itself. Postmark's webhooks name a mail by the last one. */
const OWN = new Set(['x-auto-response-suppress', 'x-pm-metadata-emailauth-id'])

/** Longest value: with the longest name within one line (RFC 5322, 2.1.1). */
export const MAIL_HEADER_MAX_LENGTH = 900
/** Most headers of a tenant's own, and of all mails. */
const MOST_OF_A_TENANT = 10
export const MOST_MAIL_HEADERS = 20
/** Every mail of a tenant carries them to the mailer. */
const MOST_CHARACTERS = 4000

const name = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,76}$/)
  .refine((text) => /^x-./i.test(text) || WELL_KNOWN.has(text.toLowerCase()))
  .refine((text) => !OWN.has(text.toLowerCase()))
const value = z
  .string()
  .max(MAIL_HEADER_MAX_LENGTH)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)

export const MAIL_HEADER_RULE =
  'must name each header once, as X-…, Feedback-ID or IsTransactional, with a text of up to 900 printable ASCII characters'

/** Whether a mail may carry it: nothing that the mailer writes itself, and nothing that ends a header. */
export function isMailHeader(header: { readonly name: string; readonly value: unknown }): boolean {
  return name.safeParse(header.name).success && value.safeParse(header.value).success
}

/** A header for a provider, such as `X-SES-CONFIGURATION-SET`. */
const mailHeader = z
  .object({ name: z.string(), value: z.string() })
  .refine(isMailHeader, MAIL_HEADER_RULE)
  .meta({ id: 'MailHeader' })

/** Headers of one tenant's mails. */
export const mailHeaders = z
  .array(mailHeader)
  .max(MOST_OF_A_TENANT)
  .refine(
    (headers) => new Set(headers.map((header) => header.name.toLowerCase())).size === headers.length,
    'must name each header once',
  )
  .refine(
    (headers) => JSON.stringify(headers).length <= MOST_CHARACTERS,
    `must have at most ${MOST_CHARACTERS} characters in all`,
  )
