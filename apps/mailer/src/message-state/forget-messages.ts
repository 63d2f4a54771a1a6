import { type MessageState, messageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { MessageKeys } from './message-keys.ts'
import { readName } from './message-name.ts'
import type { MessageStore } from './message-store.ts'

/** Forgets the messages of a tenant that has been deleted. */
export type ForgetMessages = (tenantId: string) => Promise<void>

/** Entries of a list that are looked at in one step. */
const STEP = 500

/**
 * Messages that wait are not sent any more, and no list has any: the tenant's id may be used again. Their
 * states stay until they expire, so that a call which comes late causes no second mail.
 */
export function createForgetMessages(
  redis: RedisConnection,
  { partitions }: MessageKeys,
  store: Pick<MessageStore, 'drop'>,
): ForgetMessages {
  async function forget(state: MessageState, key: string, members: readonly string[]): Promise<void> {
    const mayWait = state === 'queued' || state === 'deferred'
    if (mayWait) await Promise.all(members.map((member) => store.drop(readName(member).identityId)))
    // Those under way come to another list when their attempt ends, and stay there until they expire.
    if (state !== 'queued' && members.length > 0) await redis.zrem(key, ...members)
  }

  async function forgetAll(state: MessageState, key: string, tenantId: string): Promise<void> {
    let cursor = '0'
    do {
      const [next, flat] = await redis.zscan(key, cursor, 'MATCH', `${tenantId}.*`, 'COUNT', STEP)
      // Redis replies members and their scores in turn.
      const members = flat.filter((_, i) => i % 2 === 0)
      await forget(state, key, members)
      cursor = next
    } while (cursor !== '0')
  }

  return async (tenantId) => {
    for (const state of messageState.options)
      for (const { list } of partitions) await forgetAll(state, list(state), tenantId)
  }
}
