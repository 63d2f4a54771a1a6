import type { Call } from './call.ts'

/** `TENANT`: its own tenant only. `ADMIN`: every tenant, but it neither registers nor verifies. */
export type ApiKeyScope = 'TENANT' | 'ADMIN'

/** An API key as it is listed: never the key itself. */
export interface ApiKey {
  readonly id: string
  readonly scope: ApiKeyScope
  /** null for admin keys. */
  readonly tenant: { readonly id: string; readonly name: string } | null
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC; null while it works. */
  readonly revokedAt: string | null
  /** When it stops working by itself; null: never. */
  readonly expiresAt: string | null
  /** To the minute; null: never. */
  readonly lastUsedAt: string | null
}

export type CreateApiKeyInput = (
  | { readonly scope: 'TENANT'; readonly tenantId: string }
  | { readonly scope: 'ADMIN' }
) & {
  readonly name: string
  /** ISO 8601; without it the key works until it is revoked. */
  readonly expiresAt?: string | undefined
}

/** The only answer that carries a whole key, and the only moment it can be read. */
export interface CreatedApiKey {
  readonly apiKey: ApiKey
  readonly key: string
}

/** Who the client's API key makes it. */
export interface Viewer {
  readonly apiKeyId: string | null
  readonly scope: ApiKeyScope
  readonly tenant: { readonly id: string; readonly name: string } | null
}

const FIELDS = 'id scope tenant { id name } name createdAt revokedAt expiresAt lastUsedAt'

export const API_KEYS = `query ApiKeys($tenantId: ID) { apiKeys(tenantId: $tenantId) { ${FIELDS} } }`
export const CREATE_API_KEY = `mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { ${FIELDS} } key }
}`
export const ROTATE_API_KEY = `mutation RotateApiKey($id: ID!, $overlapSeconds: Int) {
  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) { apiKey { ${FIELDS} } key }
}`
export const REVOKE_API_KEY = 'mutation RevokeApiKey($id: ID!) { revokeApiKey(id: $id) }'
export const VIEWER = 'query Viewer { viewer { apiKeyId scope tenant { id name } } }'

export function apiKeyCalls(call: Call) {
  return {
    apiKeys: (tenantId?: string) => call.once<readonly ApiKey[]>('apiKeys', API_KEYS, { tenantId }),
    createApiKey: (input: CreateApiKeyInput) =>
      call.once<CreatedApiKey>('createApiKey', CREATE_API_KEY, { input }),
    rotateApiKey: (id: string, overlapSeconds?: number) =>
      call.once<CreatedApiKey | null>('rotateApiKey', ROTATE_API_KEY, { id, overlapSeconds }),
    revokeApiKey: (id: string) => call.once<boolean>('revokeApiKey', REVOKE_API_KEY, { id }),
    viewer: () => call.once<Viewer>('viewer', VIEWER, {}),
  }
}
