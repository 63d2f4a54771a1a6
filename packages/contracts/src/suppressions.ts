import { z } from 'zod'
import { EMAIL_MAX_LENGTH, moment, tenantId } from './common.ts'

/** An address that a tenant's mails are not sent to any more. */
export const suppression = z
  .object({ email: z.string(), reason: z.string(), suppressedAt: moment })
  .meta({ id: 'Suppression' })
export type Suppression = z.infer<typeof suppression>

/** `GET /v1/suppressions?tenantId=demo`: newest first. */
export const suppressionQuery = z.object({
  tenantId,
  first: z.coerce.number().int().min(1).max(200).default(50),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional(),
})
export const suppressionList = z.object({
  suppressions: z.array(suppression),
  nextAfter: z.string().nullable(),
})
export type SuppressionList = z.infer<typeof suppressionList>

/** `DELETE /v1/suppressions?tenantId=demo&email=ada@example.com`: mails are sent to it again. */
export const suppressionName = z.object({ tenantId, email: z.string().min(1).max(EMAIL_MAX_LENGTH) })
