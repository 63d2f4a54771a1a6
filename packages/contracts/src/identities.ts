import { z } from 'zod'
import { EMAIL_MAX_LENGTH, identityId, moment, tenantId, timeRange } from './common.ts'

/** A live identity as admins see it, without number and token. */
export const identity = z
  .object({ id: identityId, tenantId, email: z.string(), createdAt: moment, expiresAt: moment })
  .meta({ id: 'Identity' })
export type Identity = z.infer<typeof identity>

/** `GET /v1/identities`: newest first. `after` is the `endCursor` of the page before. */
export const identityListQuery = z.object({
  tenantId: tenantId.optional().describe('Absent: of all tenants'),
  email: z
    .string()
    .max(4 * EMAIL_MAX_LENGTH)
    .optional()
    .describe('Exactly this address, normalised as at registration'),
  first: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(200).optional(),
  ...timeRange('Registered'),
})
export type IdentityListQuery = z.infer<typeof identityListQuery>

export const identityPage = z
  .object({
    items: z.array(z.object({ cursor: z.string(), identity })),
    hasNextPage: z.boolean(),
    endCursor: z
      .string()
      .nullable()
      .describe('The next page begins here, also after a page that is short or empty'),
    totalCount: z
      .number()
      .int()
      .describe('Live identities in the tenant or tenants asked for; expired ones leave it within seconds'),
  })
  .meta({ id: 'IdentityPage' })
export type IdentityPage = z.infer<typeof identityPage>
