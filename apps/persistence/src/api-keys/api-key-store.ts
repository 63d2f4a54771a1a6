import {
  type ApiKey,
  type ApiKeyCreateRequest,
  apiKey as apiKeyShape,
  type CreatedApiKey,
} from '@emailauth/contracts/api-keys'
import type { RedisConnection } from '@emailauth/redis/connect'
import { drawApiKey } from '@emailauth/secrets/api-key'
import { constantTimeEqual, hashSecret } from '@emailauth/secrets/digest'
import { z } from 'zod'
import { keys } from '../redis/keys.ts'

/** API keys: stored as a hash of their secret, shown once. */
export interface ApiKeyStore {
  create(request: ApiKeyCreateRequest): Promise<CreatedApiKey>
  /** The key that has this id and this secret and is not revoked, or undefined. */
  authenticate(keyId: string, secretDigest: string): Promise<ApiKey | undefined>
  /** Ends a key; false when there is none with this id. Revoking twice is no fault. */
  revoke(keyId: string): Promise<boolean>
  /** The keys of a tenant, or the admin keys, newest first. */
  list(tenantId: string | null): Promise<ApiKey[]>
}

/** Whose list an admin key stands in; no tenant id has a star. */
const ADMINS = '*'

const storedApiKey = apiKeyShape.extend({ secretDigest: z.string() })

export function createApiKeyStore(redis: RedisConnection, now: () => number = Date.now): ApiKeyStore {
  const read = async (keyId: string) => {
    const stored = await redis.get(keys.apiKey(keyId))
    return stored === null ? undefined : storedApiKey.parse(JSON.parse(stored))
  }

  return {
    async create(request) {
      const { key, keyId, secret } = drawApiKey()
      const tenantId = request.scope === 'tenant' ? request.tenantId : null
      const createdAt = new Date(now()).toISOString()
      const apiKey: ApiKey = {
        id: keyId,
        scope: request.scope,
        tenantId,
        name: request.name,
        createdAt,
        revokedAt: null,
      }
      // The list first: an id in it without a key is passed over, a key that no list names could not be revoked.
      await redis.zadd(keys.apiKeys(tenantId ?? ADMINS), now(), keyId)
      await redis.set(keys.apiKey(keyId), JSON.stringify({ ...apiKey, secretDigest: hashSecret(secret) }))
      return { apiKey, key }
    },

    async authenticate(keyId, secretDigest) {
      const stored = await read(keyId)
      if (
        stored === undefined ||
        !constantTimeEqual(secretDigest, stored.secretDigest) ||
        stored.revokedAt !== null
      )
        return undefined
      return apiKeyShape.parse(stored)
    },

    async revoke(keyId) {
      const stored = await read(keyId)
      if (stored === undefined) return false
      if (stored.revokedAt === null) {
        await redis.set(
          keys.apiKey(keyId),
          JSON.stringify({ ...stored, revokedAt: new Date(now()).toISOString() }),
          'XX',
        )
      }
      return true
    },

    async list(tenantId) {
      const ids = await redis.zrevrange(keys.apiKeys(tenantId ?? ADMINS), 0, -1)
      const found = await Promise.all(ids.map(read))
      return found.filter((stored) => stored !== undefined).map((stored) => apiKeyShape.parse(stored))
    },
  }
}
