import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { scanKeys } from '@emailauth/redis/scan-keys'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { rules } from './delivery-rules.ts'
import { endpointKeys } from './endpoint-keys.ts'
import { resealEvent } from './sealed-event.ts'

/** About how many events of one endpoint are read at once. */
const EVENTS_STEP = 200

/**
 * Re-seals events that wait or were given up with the newest key, because they may live for longer than a key
 * is needed. It may run again, or on several mailers at once.
 * @returns number of events moved.
 */
export async function resealWebhookEvents(redis: RedisConnection, ring: KeyRing): Promise<number> {
  if (ring.keys.length === 1) return 0
  let moved = 0
  for await (const keys of scanKeys(redis, `${endpointKeys('*')}*`)) {
    for (const key of keys.map(String)) {
      const [, id, kind] = /^ea:mail:\{webhook:([^}]+)\}:(.+)$/.exec(key) ?? []
      if (id !== undefined && (kind === 'events' || kind === 'lost'))
        moved += await resealOf(redis, ring, id, key)
    }
  }
  return moved
}

async function resealOf(redis: RedisConnection, ring: KeyRing, id: string, key: string): Promise<number> {
  let moved = 0
  let cursor = '0'
  do {
    const [next, found] = await redis.hscanBuffer(key, cursor, 'COUNT', EVENTS_STEP)
    cursor = String(next)
    const moves = found.map(async (eventId, at) => {
      const before = at % 2 === 0 ? found[at + 1] : undefined
      const after = before === undefined ? undefined : resealEvent(ring, id, before)
      if (before === undefined || after === undefined) return 0
      return rules.reseal(redis, [key], { field: eventId, before, after })
    })
    for (const done of await Promise.all(moves)) moved += done
  } while (cursor !== '0')
  return moved
}
