import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Person } from '../load/people.ts'
import type { PersistenceApi } from '../systems/persistence-api.ts'

/** Bytes of Redis memory for each identity on the way to so many. */
export interface MemoryMeasurement {
  readonly identities: number
  readonly bytesPerIdentity: number
}

// One step of a scan that deletes matching keys. The bench owns this Redis, so it may scan all keys.
const DELETE_STEP = `
  local step = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 2000)
  for _, key in ipairs(step[2]) do redis.call('DEL', key) end
  return { step[1], #step[2] }`

/** The replies that are kept for 60 s for callers who lost theirs. */
const REPLIES = 'ea:{*}:r:*'

const AT_ONCE = 10_000

/** Fills a store step by step. */
export interface Filling {
  /**
   * Registers people until the store holds this many identities of this filling. Returns the bytes of each
   * added one. Kept replies are deleted before and after, as Redis does within a minute. All else counts:
   * records, addresses with their logs, the index, the logs of client IPs, and Redis's own tables.
   */
  fillTo(identities: number): Promise<MemoryMeasurement>
}

export function createFilling(
  { commands, api }: { readonly commands: Redis; readonly api: PersistenceApi },
  people: (count: number) => Person[],
): Filling {
  let filled = 0
  return {
    async fillTo(identities) {
      // The first one brings scripts, connections and keys that are there but once.
      if (filled === 0) await api.register(people(1))
      await deleteMatching(commands, REPLIES)
      const before = await stableMemory(commands)
      const added = identities - filled
      for (; filled < identities; filled += AT_ONCE) {
        await api.register(people(Math.min(AT_ONCE, identities - filled)))
      }
      filled = identities
      await deleteMatching(commands, REPLIES)
      return { identities, bytesPerIdentity: ((await stableMemory(commands)) - before) / added }
    },
  }
}

/** Returns how many it deleted. */
export async function deleteMatching(redis: Redis, pattern: string): Promise<number> {
  let deleted = 0
  let cursor = '0'
  do {
    // The script above replies a cursor and a count.
    const [next, count] = (await redis.eval(DELETE_STEP, 0, cursor, pattern)) as [string, number]
    cursor = next
    deleted += count
  } while (cursor !== '0')
  return deleted
}

/**
 * `used_memory` without the buffers of clients, once it is stable. Redis resizes its tables step by step and
 * counts both copies until then.
 */
export async function stableMemory(redis: Redis): Promise<number> {
  let last = 0
  for (let tries = 0; tries < 40; tries++) {
    const info = await redis.info('memory')
    const bytes = (field: string) => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1])
    const used = bytes('used_memory') - bytes('mem_clients_normal')
    if (Math.abs(used - last) < 8192) return used
    last = used
    await wait(300)
  }
  return last
}
