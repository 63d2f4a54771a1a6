import type { Actor, AdminEventType } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { hashSecret } from '@emailauth/secrets/digest'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'

/** For acts of one API key or one admin. */
const OF_AN_ACTOR = { most: 600, windowMs: 3_600_000 }
/** For acts of all callers that name no actor, together. */
const OF_THE_SYSTEM = { most: 3000, windowMs: 3_600_000 }
/**
 * For acts of all admin keys together. A key can create others, so a limit for each one alone is not enough.
 */
const OF_ADMIN_KEYS = { most: 3000, windowMs: 86_400_000 }
/**
 * For acts of all keys of one tenant together. They have a limit apart, so that no tenant uses up what admin
 * keys and other tenants may do.
 */
const OF_A_TENANT = { most: 3000, windowMs: 86_400_000 }

/**
 * Not limited, so that revoking always works. Their number is bounded by the keys and sessions that exist.
 */
const ALWAYS: ReadonlySet<AdminEventType> = new Set(['key.revoked', 'session.revoked', 'session.created'])

/**
 * Counts an act, whether it succeeds or not. A lane keeps 100,000 entries. So all admin keys together, or all
 * keys of a tenant, need a month to push the oldest entry out.
 * @param tenantOfKey the tenant of a tenant's API key. undefined: the actor is another one
 * @throws {ProblemError} `rate-limited`
 */
export async function countAct(
  redis: RedisConnection,
  actor: Actor,
  type: AdminEventType,
  tenantOfKey: string | undefined,
): Promise<void> {
  if (ALWAYS.has(type)) return
  const limit = actor.kind === 'system' ? OF_THE_SYSTEM : OF_AN_ACTOR
  await count(redis, `${actor.kind}:${hashSecret(actor.id)}`, limit)
  if (tenantOfKey !== undefined) await count(redis, `tenant:${tenantOfKey}`, OF_A_TENANT)
  else if (actor.kind === 'api-key') await count(redis, 'api-keys', OF_ADMIN_KEYS)
}

async function count(
  redis: RedisConnection,
  of: string,
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
): Promise<void> {
  const leftMs = await scripts.countActs(redis, [keys.auditRate(of)], { most, windowMs })
  if (leftMs === 0) return
  const seconds = Math.ceil(leftMs / 1000)
  throw new ProblemError('rate-limited', `Too many changes; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  })
}
