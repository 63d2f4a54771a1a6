import { SESSION_MAX_SECONDS, type Session } from '@emailauth/contracts/sessions'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/rules/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { z } from 'zod'

/** A session as it lies in Redis, sealed because of the address. The secret is a hash. */
const storedSession = z.object({
  email: z.string(),
  createdAtMs: z.number(),
  secretDigest: z.string(),
  passkeyId: z.string().nullable(),
})
export type StoredSession = Readonly<z.infer<typeof storedSession>>

const FORMAT = 1
/** No session lives longer. */
export const MAX_MS = SESSION_MAX_SECONDS * 1000

/** Seals a session. It opens only for the same id. */
export function sealSession(ring: KeyRing, id: string, session: StoredSession): Buffer {
  return seal(ring, sealContextOf(id), writeJsonRecord(FORMAT, session))
}

/**
 * Undefined when its key has left the ring, so that the session is lost.
 * @throws {Error} when a newer version wrote it.
 */
export function openSession(ring: KeyRing, id: string, sealed: Buffer): StoredSession | undefined {
  try {
    return storedSession.parse(readJsonRecord(unseal(ring, sealContextOf(id), sealed), FORMAT, 'session'))
  } catch (error) {
    if (error instanceof UnsealError) return undefined
    throw error
  }
}

/** When it is over even if it is used all the time, in Unix ms. */
export const endOf = ({ createdAtMs }: StoredSession): number => createdAtMs + MAX_MS

/** The session as callers see it. */
export function toSession(id: string, stored: StoredSession, idleEndsAtMs: number): Session {
  const { email, createdAtMs, passkeyId } = stored
  return {
    id,
    email,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(endOf(stored)).toISOString(),
    idleExpiresAt: new Date(idleEndsAtMs).toISOString(),
    passkeyId,
  }
}

function sealContextOf(id: string): SealContext {
  return { purpose: 'session', additionalData: `session:${id}` }
}
