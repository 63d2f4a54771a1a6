import { type ApiKey, apiKey as apiKeyShape } from '@emailauth/contracts/api-keys'
import type { Actor } from '@emailauth/contracts/events'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/rules/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { z } from 'zod'

const storedApiKey = apiKeyShape.omit({ lastUsedAt: true, createdBy: true }).extend({
  /** The key's creator. Sealed, because the id of an admin is an email address. */
  sealedCreatedBy: z.string().optional(),
  // Absent in records from before keys could expire.
  expiresAt: apiKeyShape.shape.expiresAt.default(null),
  secretDigest: z.string(),
})
/** An API key as it is kept in Redis. */
export type StoredApiKey = z.infer<typeof storedApiKey>

const FORMAT = 1
export const writeApiKey = (record: StoredApiKey): string => writeJsonRecord(FORMAT, record)
/** @throws {Error} when a newer version wrote it. */
export const openApiKey = (stored: string): StoredApiKey =>
  storedApiKey.parse(readJsonRecord(stored, FORMAT, 'API key'))

/** Seals who created a key, in base64. It opens only for the same key's id. */
export function sealCreator(ring: KeyRing, keyId: string, actor: Actor): string {
  return seal(ring, sealContextOf(keyId), JSON.stringify(actor)).toString('base64')
}

/** null: from before creators were kept, or sealed with a key that is gone. */
function createdBy(ring: KeyRing, { id, sealedCreatedBy }: StoredApiKey): Actor | null {
  if (sealedCreatedBy === undefined) return null
  try {
    // Sealed by {@link sealCreator}, so it has this form.
    return JSON.parse(unseal(ring, sealContextOf(id), Buffer.from(sealedCreatedBy, 'base64'))) as Actor
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}

/** What callers may see of a key: neither its digest nor what is sealed. */
export function toApiKey(ring: KeyRing, stored: StoredApiKey, usedMs: number | undefined): ApiKey {
  const { secretDigest: _, sealedCreatedBy: __, ...apiKey } = stored
  const lastUsedAt = usedMs === undefined ? null : new Date(usedMs).toISOString()
  return { ...apiKey, lastUsedAt, createdBy: createdBy(ring, stored) }
}

const sealContextOf = (keyId: string) =>
  ({ purpose: 'api-key', additionalData: `api key ${keyId} made by` }) as const
