import { createHmac } from 'node:crypto'
import type { Actor } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connect'
import { keys } from '../store/keys.ts'

/** How long an entry is kept. */
export const AUDIT_AGE_DAYS = 400
export const AUDIT_AGE_MS = AUDIT_AGE_DAYS * 86_400_000

/**
 * API keys with a lane of their own. Later keys share one, so that creating keys cannot create more streams.
 */
const MOST_KEY_LANES = 64
const SHARED_KEY_LANE = '*k'
const SYSTEM_LANE = '*s'

/**
 * The lane of an actor. The audit log is one capped stream for each actor, called a lane, so that an actor
 * can push out only its own entries.
 */
export async function laneOf(redis: RedisConnection, laneKey: Buffer, actor: Actor): Promise<string> {
  const lane = await findLane(redis, laneKey, actor)
  // List the lane before its first entry, so that no reader misses an entry.
  await redis.sadd(keys.auditLanes, lane)
  await redis.pexpire(keys.auditLanes, AUDIT_AGE_MS)
  return lane
}

async function findLane(redis: RedisConnection, laneKey: Buffer, { kind, id }: Actor): Promise<string> {
  if (kind === 'system') return SYSTEM_LANE
  // An HMAC, so that the name of a lane does not reveal an address. The key never changes.
  const digest = createHmac('sha256', laneKey).update(`audit lane\n${kind}\n${id}`).digest('hex').slice(0, 16)
  if (kind === 'admin') return `*a${digest}`
  const own = `*k${digest}`
  const taken = (await auditLanes(redis)).filter((lane) => /^\*k./.test(lane))
  if (taken.includes(own) || taken.length < MOST_KEY_LANES) return own
  const isKept = await Promise.all(taken.map((lane) => redis.exists(keys.auditLog(lane))))
  const expired = taken.filter((_, i) => isKept[i] === 0)
  if (expired.length === 0) return SHARED_KEY_LANE
  await redis.srem(keys.auditLanes, ...expired)
  return own
}

/** The names of all lanes. */
export async function auditLanes(redis: RedisConnection): Promise<string[]> {
  return redis.smembers(keys.auditLanes)
}
