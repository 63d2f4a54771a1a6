import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, seal } from '@emailauth/secrets/seal'
import type { Logger } from '@emailauth/service/logger'
import { Cluster } from 'ioredis'
import moveLua from './lua/move.lua'
import { entriesOf, fieldOf, orderOf, readSuppressed, sealContextOf } from './suppressed-address.ts'

/** Well within the day for which an older key is still needed. */
const EVERY_MS = 3_600_000
/** Keys scanned in one step, and entries read at once. */
const STEP = 1000
const READ_AT_ONCE = 200

const moveScript = defineScript<number>(moveLua)

/**
 * Re-seals suppressions with the newest key, because they outlive every key of the ring. It may run again, or
 * on several mailers at once.
 * @returns number of entries moved.
 */
export async function resealSuppressions(redis: RedisConnection, ring: KeyRing): Promise<number> {
  if (ring.keys.length === 1) return 0
  let moved = 0
  for (const tenantId of await tenantsWithSome(redis)) moved += await resealOf(redis, ring, tenantId)
  return moved
}

async function resealOf(redis: RedisConnection, ring: KeyRing, tenantId: string): Promise<number> {
  const [entries, order] = [entriesOf(tenantId), orderOf(tenantId)]
  const fields = await redis.zrevrange(order, 0, -1)
  let moved = 0
  for (let at = 0; at < fields.length; at += READ_AT_ONCE) {
    const some = fields.slice(at, at + READ_AT_ONCE)
    const sealed = await redis.hmgetBuffer(entries, ...some)
    const moves = some.map(async (field, i) => {
      const before = sealed[i] ?? undefined
      if (before === undefined || isSealedWithNewest(ring, before)) return 0
      const entry = readSuppressed(ring, tenantId, before)
      if (entry === undefined) return 0
      const after = seal(ring, sealContextOf(tenantId), JSON.stringify(entry))
      const newField = fieldOf(ring.keys[0], tenantId, entry.email)
      return moveScript(redis, [entries, order], [field, before, newField, after])
    })
    for (const done of await Promise.all(moves)) moved += done
  }
  return moved
}

async function tenantsWithSome(redis: RedisConnection): Promise<ReadonlySet<string>> {
  const tenants = new Set<string>()
  for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
    let cursor = '0'
    do {
      const [next, names] = await node.scan(cursor, 'MATCH', entriesOf('*'), 'COUNT', STEP)
      cursor = next
      for (const name of names) {
        const [, tenantId] = /suppressed:([^}]+)\}/.exec(name) ?? []
        if (tenantId !== undefined) tenants.add(tenantId)
      }
    } while (cursor !== '0')
  }
  return tenants
}

/** Re-seals now and every hour, because an older mailer may still write. Returns a function that stops it. */
export function startResealingSuppressions(
  redis: RedisConnection,
  ring: KeyRing,
  logger: Logger | undefined,
): () => Promise<void> {
  async function reseal(): Promise<void> {
    try {
      const moved = await resealSuppressions(redis, ring)
      if (moved > 0) logger?.info({ moved }, 'suppressions were sealed with the newest key')
    } catch (error) {
      logger?.warn({ err: error }, 'suppressions were not sealed with the newest key')
    }
  }
  let resealing = reseal()
  const timer = setInterval(() => {
    resealing = resealing.then(reseal)
  }, EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await resealing
  }
}
