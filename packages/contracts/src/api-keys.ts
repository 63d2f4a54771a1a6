import { z } from 'zod'
import { moment, tenantId } from './common.ts'

/** `tenant`: its own tenant only. `admin`: every tenant, but it neither registers nor verifies. */
export const apiKeyScope = z.enum(['tenant', 'admin'])
export type ApiKeyScope = z.infer<typeof apiKeyScope>

/** The public part of an API key: what names it in lists and logs. */
export const apiKeyId = z.string().regex(/^[0-9a-z]{12}$/, 'not an API key id')

export const apiKey = z
  .object({
    id: apiKeyId,
    scope: apiKeyScope,
    tenantId: tenantId.nullable().describe('null for admin keys'),
    name: z.string(),
    createdAt: moment,
    revokedAt: moment.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof apiKey>

/** `POST /v1/api-keys` */
export const apiKeyCreateRequest = z
  .discriminatedUnion('scope', [
    z.object({ scope: z.literal('tenant'), tenantId, name: z.string().trim().min(1).max(80) }),
    z.object({ scope: z.literal('admin'), name: z.string().trim().min(1).max(80) }),
  ])
  .meta({ id: 'ApiKeyCreateRequest' })
export type ApiKeyCreateRequest = z.infer<typeof apiKeyCreateRequest>

/** The only shape that carries a whole key, and the only moment it can be read. */
export const createdApiKey = z.object({ apiKey, key: z.string() }).meta({ id: 'CreatedApiKey' })
export type CreatedApiKey = z.infer<typeof createdApiKey>

/** `POST /v1/api-keys/authenticate`: the gateway sends the SHA-256 of the secret part (base64url), never the key. */
export const authenticateRequest = z
  .object({ keyId: apiKeyId, secretDigest: z.string().length(43) })
  .meta({ id: 'AuthenticateRequest' })
export type AuthenticateRequest = z.infer<typeof authenticateRequest>

export const apiKeyList = z.object({ apiKeys: z.array(apiKey) })
