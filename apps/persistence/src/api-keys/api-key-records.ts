import type { Actor } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'
import { openApiKey, type StoredApiKey, writeApiKey } from './api-key-record.ts'

/** The records of API keys in Redis, and which key was created with which. */
export interface ApiKeyRecords {
  /** Adds a new key to the list of its tenant, and to the keys that its creator made. */
  add(apiKey: StoredApiKey, creator: Actor, nowMs: number): Promise<void>
  read(keyId: string): Promise<StoredApiKey | undefined>
  /**
   * Reads, changes and writes atomically, so that a concurrent rotation and revocation both take effect.
   * Returns what is stored then; undefined when no key has this id.
   * @param to undefined: nothing has to change
   */
  change(
    keyId: string,
    to: (before: StoredApiKey) => StoredApiKey | undefined,
  ): Promise<StoredApiKey | undefined>
  /** The ids of all keys that were created with this one, directly or indirectly. */
  idsMadeWith(keyId: string): Promise<string[]>
}

/** The owner of admin keys in key names. It cannot be a tenant id, because those have no star. */
const ADMINS = '*'

/** The key in Redis of the list of a tenant's keys, or of the admin keys. */
export const listOf = (tenantId: string | null): string => keys.apiKeys(tenantId ?? ADMINS)

export function createApiKeyRecords(redis: RedisConnection, replicas: ReplicaPolicy): ApiKeyRecords {
  const atomically = createAtomically()
  return {
    async add(apiKey, creator, nowMs) {
      // The record is written last, because an id without a record is ignored. A key that is in no list could
      // not be revoked, and one that its creator's set lacks would outlive the creator and all that it made.
      const [list, name] = [listOf(apiKey.tenantId), keys.apiKey(apiKey.id)]
      const made = creator.kind === 'api-key' ? keys.apiKeysMadeWith(creator.id) : undefined
      await withReplicas(redis, list, replicas, () => redis.zadd(list, nowMs, apiKey.id))
      if (made !== undefined) await withReplicas(redis, made, replicas, () => redis.sadd(made, apiKey.id))
      await withReplicas(redis, name, replicas, () => redis.set(name, writeApiKey(apiKey)))
    },

    async read(keyId) {
      const stored = await redis.get(keys.apiKey(keyId))
      return stored === null ? undefined : openApiKey(stored)
    },

    change: (keyId, to) =>
      atomically(keyId, async () => {
        const stored = await redis.get(keys.apiKey(keyId))
        if (stored === null) return undefined
        const before = openApiKey(stored)
        const changed = to(before)
        // With replicas it writes the same value again, because the first writer may not have waited for
        // them.
        if (changed === undefined && replicas.count === 0) return before
        const after = changed ?? before
        const swap = { before: stored, after: writeApiKey(after) }
        const name = keys.apiKey(keyId)
        if (await withReplicas(redis, name, replicas, () => scripts.swap(redis, [name], swap))) return after
        return OVERTAKEN
      }),

    async idsMadeWith(keyId) {
      // Visit each id once, because keys that created each other would form a cycle.
      const ids = new Set<string>()
      const todo = [keyId]
      for (let from = todo.pop(); from !== undefined; from = todo.pop()) {
        const made = await redis.smembers(keys.apiKeysMadeWith(from))
        const fresh = made.filter((id) => id !== keyId && !ids.has(id))
        for (const id of fresh) ids.add(id)
        todo.push(...fresh)
      }
      return [...ids]
    },
  }
}
