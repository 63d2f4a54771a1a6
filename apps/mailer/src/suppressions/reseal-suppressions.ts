import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { defineRule } from '@emailauth/redis/rules/rule'
import { scanKeys } from '@emailauth/redis/scan-keys'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, seal } from '@emailauth/secrets/seal'
import moveLua from './lua/move.lua'
import { entriesOf, fieldOf, orderOf, readSuppressed, sealContextOf } from './suppressed-address.ts'

/** Entries of one tenant that are read at once. */
const READ_AT_ONCE = 200

const moveScript = defineRule(moveLua, {
  args: ['field', 'before', 'newField', 'after'],
  decode: (moved: number) => moved,
})

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
      return moveScript(redis, [entries, order], { field, before, newField, after })
    })
    for (const done of await Promise.all(moves)) moved += done
  }
  return moved
}

async function tenantsWithSome(redis: RedisConnection): Promise<ReadonlySet<string>> {
  const tenants = new Set<string>()
  for await (const keys of scanKeys(redis, entriesOf('*'))) {
    for (const key of keys) {
      const [, tenantId] = /suppressed:([^}]+)\}/.exec(key.toString()) ?? []
      if (tenantId !== undefined) tenants.add(tenantId)
    }
  }
  return tenants
}
