import type { ApiKey, ApiKeyCreateRequest, ApiKeyScope, CreatedApiKey } from '@emailauth/contracts/api-keys'
import type { Actor } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { constantTimeEqual, hashSecret } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { ReplicaPolicy } from '../store/replicas.ts'
import { type ApiKeyLists, createApiKeyLists } from './api-key-lists.ts'
import { type StoredApiKey, sealCreator, toApiKey } from './api-key-record.ts'
import { createApiKeyRecords } from './api-key-records.ts'
import { createApiKeyUse } from './api-key-use.ts'

/** API keys: stored as a hash of their secret, shown once. */
export interface ApiKeyStore extends ApiKeyLists {
  /**
   * @param test whether the key is for a test tenant. Its prefix says so, and it works for no other tenant.
   */
  create(request: ApiKeyCreateRequest, actor: Actor, test?: boolean): Promise<CreatedApiKey>
  /** One key, also a revoked or expired one. */
  get(keyId: string): Promise<ApiKey | undefined>
  /** The key with this id and secret, if it is neither revoked nor expired. */
  authenticate(keyId: string, secretDigest: string): Promise<ApiKey | undefined>
  /** true: the key was revoked or has expired. false also when no key has this id. */
  hasEnded(keyId: string): Promise<boolean>
  /** Revokes a key. Answers false when no key has this id, and true when it was revoked before. */
  revoke(keyId: string): Promise<boolean>
  /**
   * Creates a successor. The old key then works for `overlapSeconds` at most. undefined: it is not valid any
   * more.
   */
  rotate(keyId: string, rotation: Rotation): Promise<CreatedApiKey | undefined>
  /** All keys that were created or rotated with this one, directly or indirectly, including revoked ones. */
  madeWith(keyId: string): Promise<ApiKey[]>
}

/** How to rotate a key. `test`: it belongs to a test tenant. */
export interface Rotation {
  readonly overlapSeconds: number
  readonly actor: Actor
  readonly test: boolean
}

export interface ApiKeyStoreOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /** Replicas that must have a change before it is acknowledged. */
  readonly replicas: ReplicaPolicy
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

export function createApiKeyStore({ redis, ring, replicas, now }: ApiKeyStoreOptions): ApiKeyStore {
  const records = createApiKeyRecords(redis, replicas)
  const use = createApiKeyUse(redis, now)

  const shown = (stored: StoredApiKey, usedMs: number | undefined) => toApiKey(ring, stored, usedMs)

  const works = ({ revokedAt, expiresAt }: StoredApiKey) =>
    revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now())

  /** The keys with these ids as callers may see them; undefined where there is none. */
  const showAll = async (ids: readonly string[]): Promise<(ApiKey | undefined)[]> => {
    const [found, used] = await Promise.all([Promise.all(ids.map(records.read)), use.read(ids)])
    return found.map((stored, at) => stored && shown(stored, used[at]))
  }

  const create = async (request: ApiKeyCreateRequest, actor: Actor, test = false): Promise<CreatedApiKey> => {
    const { key, keyId, secret } = generateApiKey(test)
    const tenantId = request.scope === 'tenant' ? request.tenantId : null
    const apiKey = {
      id: keyId,
      scope: request.scope,
      tenantId,
      name: request.name,
      createdAt: new Date(now()).toISOString(),
      revokedAt: null,
      expiresAt: request.expiresAt ?? null,
    }
    const sealedCreatedBy = sealCreator(ring, keyId, actor)
    await records.add({ ...apiKey, sealedCreatedBy, secretDigest: hashSecret(secret) }, actor, now())
    return { apiKey: { ...apiKey, lastUsedAt: null, createdBy: actor }, key }
  }

  return {
    ...createApiKeyLists(redis, use, showAll),
    create,

    async get(keyId) {
      const stored = await records.read(keyId)
      return stored === undefined ? undefined : shown(stored, (await use.read([keyId]))[0])
    },

    async authenticate(keyId, secretDigest) {
      const stored = await records.read(keyId)
      if (stored === undefined || !constantTimeEqual(secretDigest, stored.secretDigest) || !works(stored))
        return undefined
      use.note(keyId)
      return shown(stored, undefined)
    },

    async hasEnded(keyId) {
      const stored = await records.read(keyId)
      return stored !== undefined && !works(stored)
    },

    async revoke(keyId) {
      const revokedAt = new Date(now()).toISOString()
      const found = await records.change(keyId, (before) =>
        before.revokedAt === null ? { ...before, revokedAt } : undefined,
      )
      return found !== undefined
    },

    async rotate(keyId, { overlapSeconds, actor, test }) {
      const stored = await records.read(keyId)
      if (stored === undefined || !works(stored)) return undefined
      const { scope, tenantId, name } = stored
      const created = await create(successorOf(scope, tenantId, name), actor, test)
      const endMs = now() + overlapSeconds * 1000
      const isLater = (expiresAt: string | null) => expiresAt === null || Date.parse(expiresAt) > endMs
      await records.change(keyId, (before) =>
        isLater(before.expiresAt) ? { ...before, expiresAt: new Date(endMs).toISOString() } : undefined,
      )
      return created
    },

    async madeWith(keyId) {
      const found = await Promise.all((await records.idsMadeWith(keyId)).map(records.read))
      return found.flatMap((stored) => (stored === undefined ? [] : [shown(stored, undefined)]))
    },
  }
}

/** The same scope as before: a read-only key never becomes one that may change something. */
function successorOf(scope: ApiKeyScope, tenantId: string | null, name: string): ApiKeyCreateRequest {
  if (scope !== 'tenant') return { scope, name }
  if (tenantId === null) throw new Error('a key of a tenant has no tenant')
  return { scope, tenantId, name }
}
