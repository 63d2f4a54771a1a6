import { z } from 'zod'
import { EMAIL_MAX_LENGTH, identityId, moment, pageLength, tenantId, timeRange } from './common.ts'

/** A live identity as admins see it, without number and token. */
export const identity = z
  .object({ id: identityId, tenantId, email: z.string(), createdAt: moment, expiresAt: moment })
  .meta({ id: 'Identity' })
export type Identity = z.infer<typeof identity>

/** Longest text that is read as a domain: four bytes for each character of the longest name. */
export const DOMAIN_MAX_LENGTH = 1012

/** `GET /v1/identities`: newest first. `after` is the `endCursor` of the page before. */
export const identityListQuery = z.object({
  tenantId: tenantId.optional().describe('Absent: of all tenants'),
  email: z
    .string()
    .max(4 * EMAIL_MAX_LENGTH)
    .optional()
    .describe('Exactly this address, normalised as at registration'),
  domain: z
    .string()
    .max(DOMAIN_MAX_LENGTH)
    .optional()
    .describe('Only addresses at this domain, however it is written. A page reads at most 5,000 identities'),
  first: pageLength,
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
    scannedCount: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('With `domain`: how many of them were read for this page'),
  })
  .meta({ id: 'IdentityPage' })
export type IdentityPage = z.infer<typeof identityPage>
