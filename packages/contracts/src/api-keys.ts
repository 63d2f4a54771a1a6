import { z } from 'zod'
import { line, moment, overlapSeconds, tenantId } from './common.ts'
import { actor } from './events.ts'

/**
 * `tenant`: for one tenant. `admin`: for all tenants, but not for register and verify. `admin-read-only`:
 * sees what `admin` sees and changes nothing.
 */
export const apiKeyScope = z.enum(['tenant', 'admin', 'admin-read-only'])
export type ApiKeyScope = z.infer<typeof apiKeyScope>

/** The public part of an API key, which names it in lists and logs. */
export const apiKeyId = z.string().regex(/^[0-9a-z]{12}$/, 'not an API key id')

export const apiKey = z
  .object({
    id: apiKeyId,
    scope: apiKeyScope,
    tenantId: tenantId.nullable().describe('null for admin keys'),
    name: z.string(),
    createdAt: moment,
    revokedAt: moment.nullable(),
    expiresAt: moment.nullable().describe('null: never by itself'),
    lastUsedAt: moment.nullable().describe('To the minute; null: never'),
    createdBy: actor.nullable().describe('Who made it; null when that cannot be read any more'),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof apiKey>

const apiKeyName = line(80)

/** `POST /v1/api-keys` */
export const apiKeyCreateRequest = z
  .discriminatedUnion('scope', [
    z.object({ scope: z.literal('tenant'), tenantId, name: apiKeyName, expiresAt: moment.optional() }),
    z.object({
      scope: z.enum(['admin', 'admin-read-only']),
      name: apiKeyName,
      expiresAt: moment.optional(),
    }),
  ])
  .meta({ id: 'ApiKeyCreateRequest' })
export type ApiKeyCreateRequest = z.infer<typeof apiKeyCreateRequest>

/** `POST /v1/api-keys/:id/rotate`: creates a successor. The old key works for `overlapSeconds` more. */
export const apiKeyRotateRequest = z.object({ overlapSeconds }).meta({ id: 'ApiKeyRotateRequest' })
export type ApiKeyRotateRequest = z.infer<typeof apiKeyRotateRequest>

/** The only reply with a whole key. The key cannot be read again later. */
export const createdApiKey = z.object({ apiKey, key: z.string() }).meta({ id: 'CreatedApiKey' })
export type CreatedApiKey = z.infer<typeof createdApiKey>

/**
 * `POST /v1/api-keys/authenticate`: the gateway sends the SHA-256 of the secret part (base64url), never the
 * key.
 */
export const authenticateRequest = z
  .object({
    keyId: apiKeyId,
    secretDigest: z.string().length(43),
    test: z
      .boolean()
      .default(false)
      .describe('It begins `ea_test_`: good for a test tenant only, and any other for none'),
  })
  .meta({ id: 'AuthenticateRequest' })
export type AuthenticateRequest = z.input<typeof authenticateRequest>

/** `GET /v1/api-keys`: newest first. Without `first` all of them. */
export const apiKeyListQuery = z.object({
  tenantId: tenantId.optional().describe('Absent: the admin keys'),
  first: z.coerce.number().int().min(1).max(200).optional().describe('Length of the page'),
  after: apiKeyId.optional().describe('The last id of the page before'),
})
export type ApiKeyListQuery = z.infer<typeof apiKeyListQuery>

export const apiKeyList = z.object({
  apiKeys: z.array(apiKey),
  hasNextPage: z.boolean().default(false).describe('Whether there are more behind this page'),
})
export type ApiKeyList = z.infer<typeof apiKeyList>

/**
 * `DELETE /v1/api-keys/:id`. `alsoMadeByIt`: also revokes all keys that were created with this one, directly
 * or indirectly.
 */
export const apiKeyRevokeQuery = z.object({
  alsoMadeByIt: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})
