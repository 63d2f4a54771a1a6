import { type MessageCounts, type MessageState, messageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { MessageKeys } from '../message-state/message-keys.ts'

/** Counts a tenant's messages by the state they reached within a day. Throws when Redis does not answer. */
export type CountMessages = (tenantId: string) => Promise<MessageCounts['counts']>

const DAY_MS = 24 * 3_600_000
/** About this many entries are read in one step. */
const STEP = 1000

/**
 * Counts by walking all tenants' lists (at most 10,000 entries each) in small steps, apart from the
 * calls that send. A counter for each tenant would cost every mail.
 */
export function createCountMessages(
  redis: RedisConnection,
  { partitions }: MessageKeys,
  now: () => number,
): CountMessages {
  async function namesIn(state: MessageState, tenantId: string): Promise<Set<string>> {
    const found = await Promise.all(partitions.map(({ list }) => namesOf(list(state), tenantId)))
    return new Set(found.flat())
  }

  async function namesOf(list: string, tenantId: string): Promise<string[]> {
    const names: string[] = []
    const begin = now() - DAY_MS
    let cursor = '0'
    do {
      // A tenant's id contains no character that is special in a pattern.
      const [next, flat] = await redis.zscan(list, cursor, 'MATCH', `${tenantId}.*`, 'COUNT', STEP)
      for (let i = 0; i < flat.length; i += 2) {
        if (Number(flat[i + 1]) > begin) names.push(flat[i] ?? '')
      }
      cursor = next
    } while (cursor !== '0')
    return names
  }

  return async (tenantId) => {
    const states = messageState.options
    const lists = new Map(
      await Promise.all(states.map(async (state) => [state, await namesIn(state, tenantId)] as const)),
    )
    // The list of sent messages also contains those that bounced.
    for (const name of lists.get('bounced') ?? []) lists.get('sent')?.delete(name)
    const counts = states.map((state) => [state, lists.get(state)?.size ?? 0] as const)
    // One count for each state; `Object.fromEntries` forgets the keys.
    return Object.fromEntries(counts) as MessageCounts['counts']
  }
}
