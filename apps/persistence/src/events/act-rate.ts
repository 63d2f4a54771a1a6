import type { Actor, AdminEventType } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connect'
import { hashSecret } from '@emailauth/secrets/digest'
import { ProblemError } from '@emailauth/service/problem-error'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'

/** Acts of one key or one admin. */
const OF_AN_ACTOR = { most: 600, windowMs: 3_600_000 }
/** Acts of all callers with the service token that name no actor, together. */
const OF_THE_SYSTEM = { most: 3000, windowMs: 3_600_000 }
/** Acts of all API keys together: a key can make others, so a bound for each of them alone is none. */
const OF_ALL_KEYS = { most: 3000, windowMs: 86_400_000 }

/** Taking power away always goes on. There are no more of these acts than keys and sessions were made. */
const ALWAYS: ReadonlySet<AdminEventType> = new Set(['key.revoked', 'session.revoked', 'session.created'])

/**
 * Counts an act, whether it succeeds or not. With 100,000 entries kept for each actor, all API keys together
 * need a month to push the oldest out of a lane.
 * @throws {ProblemError} `rate-limited`
 */
export async function countAct(redis: RedisConnection, actor: Actor, type: AdminEventType): Promise<void> {
  if (ALWAYS.has(type)) return
  const limit = actor.kind === 'system' ? OF_THE_SYSTEM : OF_AN_ACTOR
  await count(redis, `${actor.kind}:${hashSecret(actor.id)}`, limit)
  if (actor.kind === 'api-key') await count(redis, 'api-keys', OF_ALL_KEYS)
}

async function count(
  redis: RedisConnection,
  of: string,
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
): Promise<void> {
  const leftMs = await scripts.countActs(redis, [keys.auditRate(of)], [most, windowMs])
  if (leftMs === 0) return
  const seconds = Math.ceil(leftMs / 1000)
  throw new ProblemError('rate-limited', `Too many changes by one admin; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  })
}
