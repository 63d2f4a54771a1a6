import { z } from 'zod'
import { moment, pageLength, tenantId } from './common.ts'
import { REPORTED_ADDRESS_MAX_LENGTH } from './reported-address.ts'

/** An address to which a tenant's mails are not sent any more. */
export const suppression = z
  .object({ email: z.string(), reason: z.string(), suppressedAt: moment })
  .meta({ id: 'Suppression' })

/** `GET /v1/suppressions?tenantId=demo`: newest first. */
export const suppressionQuery = z.object({
  tenantId,
  first: pageLength,
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional(),
})
export const suppressionList = z.object({
  suppressions: z.array(suppression),
  cursors: z.array(z.string()).describe('Of each address, for `after`'),
  nextAfter: z.string().nullable(),
})
export type SuppressionList = z.infer<typeof suppressionList>

/** `DELETE /v1/suppressions?tenantId=demo&email=ada@example.com`: allows mails to this address again. */
export const suppressionName = z.object({
  tenantId,
  email: z.string().min(1).max(REPORTED_ADDRESS_MAX_LENGTH),
})

/** `DELETE /v1/tenants/demo/suppressions`: forgets all addresses of a tenant that has been deleted. */
export const suppressedTenant = z.object({ tenantId })

/** Most addresses in one call. A longer list is sent in parts; what was there already changes nothing. */
export const SUPPRESSIONS_MAX = 500

const newSuppression = z.object({
  email: z
    .string()
    .max(REPORTED_ADDRESS_MAX_LENGTH)
    .describe('An address, also as lists have it: in angle brackets, with a name, as an IDN'),
  reason: z.string().max(1000).optional().describe('Why; shown beside the address'),
  suppressedAt: moment.optional().describe('Since when, as another system has it; absent: now'),
})
export type NewSuppression = z.infer<typeof newSuppression>

/** `POST /v1/suppressions`: no mails are sent to these addresses. Repeating it changes nothing. */
export const suppressionAddRequest = z
  .object({ tenantId, addresses: z.array(newSuppression).min(1).max(SUPPRESSIONS_MAX) })
  .meta({ id: 'SuppressionAddRequest' })
export type SuppressionAddRequest = z.infer<typeof suppressionAddRequest>

export const suppressionAddReply = z
  .object({
    added: z.number().int().min(0),
    known: z.number().int().min(0).describe('Those that were on the list before'),
    refused: z.array(
      z.object({
        index: z.number().int().min(0).describe('Where it stands in the request, from 0'),
        detail: z.string().describe('Why, in one sentence'),
      }),
    ),
  })
  .meta({ id: 'SuppressionAddReply' })
export type SuppressionAddReply = z.infer<typeof suppressionAddReply>
