import { createHmac } from 'node:crypto'
import type { Actor } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'

/** How long an entry is kept. */
export const AUDIT_AGE_DAYS = 400
export const AUDIT_AGE_MS = AUDIT_AGE_DAYS * 86_400_000

/**
 * Admin keys with a lane of their own, and tenants. Later ones share one, so that creating keys or tenants
 * cannot create more streams.
 */
const MOST_OWN_LANES = 64
const ADMIN_KEYS = '*k'
const TENANTS = '*t'
const SYSTEM_LANE = '*s'

/** Who acts. */
export interface LaneOwner {
  readonly actor: Actor
  /** The tenant of a tenant's API key. All keys of a tenant share its lane. undefined: another actor */
  readonly tenantOfKey: string | undefined
}

/**
 * The lane of an actor. The audit log is one capped stream for each actor, called a lane, so that an actor
 * can push out only its own entries.
 */
export async function laneOf(redis: RedisConnection, laneKey: Buffer, owner: LaneOwner): Promise<string> {
  const lane = await findLane(redis, laneKey, owner)
  // List the lane before its first entry, so that no reader misses an entry.
  await redis.sadd(keys.auditLanes, lane)
  await redis.pexpire(keys.auditLanes, AUDIT_AGE_MS)
  return lane
}

async function findLane(
  redis: RedisConnection,
  laneKey: Buffer,
  { actor: { kind, id }, tenantOfKey }: LaneOwner,
): Promise<string> {
  if (kind === 'system') return SYSTEM_LANE
  // An HMAC, so that the name of a lane does not reveal an address. The key never changes.
  const digestOf = (name: string) =>
    createHmac('sha256', laneKey).update(`audit lane\n${name}`).digest('hex').slice(0, 16)
  if (kind === 'admin') return `*a${digestOf(`${kind}\n${id}`)}`
  return tenantOfKey === undefined
    ? ownOrShared(redis, ADMIN_KEYS, digestOf(`${kind}\n${id}`))
    : ownOrShared(redis, TENANTS, digestOf(`tenant\n${tenantOfKey}`))
}

async function ownOrShared(redis: RedisConnection, shared: string, digest: string): Promise<string> {
  const own = shared + digest
  const taken = (await auditLanes(redis)).filter((lane) => lane.startsWith(shared) && lane !== shared)
  if (taken.includes(own) || taken.length < MOST_OWN_LANES) return own
  const isKept = await Promise.all(taken.map((lane) => redis.exists(keys.auditLog(lane))))
  const expired = taken.filter((_, i) => isKept[i] === 0)
  if (expired.length === 0) return shared
  await redis.srem(keys.auditLanes, ...expired)
  return own
}

/** The names of all lanes. */
export async function auditLanes(redis: RedisConnection): Promise<string[]> {
  return redis.smembers(keys.auditLanes)
}
