import type { MessageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { defineRule } from '@emailauth/redis/rules/rule'
import { unpackIdentity } from './identity-bytes.ts'
import { LEASE_MS } from './leases.ts'
import findNameLua from './lua/find-name.lua'
import moveLua from './lua/move.lua'
import partitionLua from './lua/partition.lua'
import takeOrphansLua from './lua/take-orphans.lua'
import type { MessageKeys } from './message-keys.ts'
import { type digestOf, type MessageName, readName, stateKeyOfDigest, writeName } from './message-name.ts'
import { type IndexPage, type PageQuery, readPage } from './message-pages.ts'

/**
 * Lists over all messages: kept ones under way, to find those of a dead mailer, and those in each state, for
 * the dashboard. The message store is authoritative and adds each attempt to its list. A list may be cut.
 */
export interface MessageIndex {
  /** Lists a message under a state that it reached without an attempt. */
  reached(name: MessageName, state: MessageState): Promise<void>
  /** When the first lease ends of all messages under way, Unix milliseconds. Undefined: none is under way. */
  firstLeaseEndMs(): Promise<number | undefined>
  /** Returns messages whose mailer died, up to `max`. No other mailer gets them during a lease. */
  orphans(max: number): Promise<readonly MessageName[]>
  /** True when no mailer has a message under way and none waits for an attempt. */
  isIdle(): Promise<boolean>
  /** Removes a message from the list of those under way. */
  forget(name: MessageName): Promise<void>
  /** Finds the message of a {@link digestOf}, while its state is kept. */
  byDigest(digest: string): Promise<MessageName | undefined>
  /** Latest change first, of one tenant or of all. */
  page(state: MessageState, query: PageQuery): Promise<IndexPage>
}

const library = { partition: partitionLua }
const moveScript = defineRule(moveLua, {
  library,
  args: ['name', 'state', 'now'],
  decode: (nothing: null) => nothing,
})
const takeOrphansScript = defineRule(takeOrphansLua, {
  library,
  args: ['now', 'leaseMs', 'most'],
  decode: (names: readonly Buffer[]) => names.map((name) => readName(name.toString())),
})

const findNameScript = defineRule(findNameLua, {
  library,
  args: ['state', 'digest'],
  decode: (name: Buffer | null) => (name === null ? undefined : unpackIdentity(name)),
})

export function createMessageIndex(
  redis: RedisConnection,
  keys: MessageKeys,
  now: () => number,
): MessageIndex {
  const { partitions, partitionOf } = keys

  return {
    async reached(name, state) {
      const { keys: at } = partitionOf(name.identityId)
      await moveScript(redis, [at], { name: writeName(name), state, now: now() })
    },

    async isIdle() {
      const counts = await Promise.all(
        partitions.flatMap(({ busy, underWay, list }) => [
          redis.zcount(busy, now(), '+inf'),
          redis.zcard(underWay),
          redis.zcard(list('deferred')),
        ]),
      )
      return counts.every((count) => count === 0)
    },

    async firstLeaseEndMs() {
      const firsts = await Promise.all(
        partitions.map(({ underWay }) => redis.zrange(underWay, '0', '0', 'WITHSCORES')),
      )
      const ends = firsts.flatMap(([, end]) => (end === undefined ? [] : [Number(end)]))
      return ends.length === 0 ? undefined : Math.min(...ends)
    },

    async orphans(max) {
      const names = await Promise.all(
        partitions.map(({ keys: at }) =>
          takeOrphansScript(redis, [at], { now: now(), leaseMs: LEASE_MS, most: max }),
        ),
      )
      return names.flat()
    },

    async forget(name) {
      await redis.zrem(partitionOf(name.identityId).underWay, writeName(name))
    },

    async byDigest(digest) {
      // The digest does not show the partition, so all are asked. Only bounces need this.
      const args = { state: stateKeyOfDigest(digest), digest }
      const found = await Promise.all(partitions.map(({ keys: at }) => findNameScript(redis, [at], args)))
      const name = found.find((one) => one !== undefined)
      return name === undefined ? undefined : readName(name)
    },

    page(state, query) {
      return readPage(
        redis,
        partitions.map(({ list }) => list(state)),
        query,
      )
    },
  }
}
