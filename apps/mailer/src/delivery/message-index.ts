import type { MessageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import moveLua from './lua/move.lua'
import spaceLua from './lua/space.lua'
import takeOrphansLua from './lua/take-orphans.lua'
import { type digestOf, type MessageName, readName, writeName } from './message-name.ts'
import type { MessageSpace } from './message-space.ts'
import { LEASE_MS } from './message-store.ts'

/** A page of a list; `next` is where the one after it begins. */
export interface IndexPage {
  readonly names: readonly MessageName[]
  readonly next: string | null
}

/**
 * Lists over all messages: which are under way, so that those of a dead mailer are found, and which are in what state, for people.
 * The message store is what counts, and it lists what is attempted; a list may be cut.
 */
export interface MessageIndex {
  /** The message has reached a state, but not by an attempt of its own. */
  reached(name: MessageName, state: MessageState): Promise<void>
  /** Up to so many messages whose mailer died; nobody else is given them for a lease. */
  orphans(max: number): Promise<readonly MessageName[]>
  /** Whether no message at all is under way or waits for another attempt. */
  isIdle(): Promise<boolean>
  /** Takes a message off the list of those under way. */
  forget(name: MessageName): Promise<void>
  /** The message behind {@link digestOf}, while its state is kept. */
  byDigest(digest: string): Promise<MessageName | undefined>
  /** Latest change first. */
  page(state: MessageState, first: number, after: string | undefined): Promise<IndexPage>
}

const moveScript = defineScript<null>(spaceLua, moveLua)
const takeOrphansScript = defineScript<Buffer[]>(spaceLua, takeOrphansLua)

/** Messages of the same millisecond as a cursor may come again; so many more are read to pass them over. */
const SPARE = 200

export function createMessageIndex(
  redis: RedisConnection,
  space: MessageSpace,
  now: () => number,
): MessageIndex {
  const { partitions, partitionOf } = space

  return {
    async reached(name, state) {
      const { space: at } = partitionOf(name.identityId)
      await moveScript(redis, [at], [writeName(name), state, now()])
    },

    async isIdle() {
      const counts = await Promise.all(
        partitions.flatMap(({ underWay, list }) => [redis.zcard(underWay), redis.zcard(list('deferred'))]),
      )
      return counts.every((count) => count === 0)
    },

    async orphans(max) {
      const names = await Promise.all(
        partitions.map(({ space: at }) => takeOrphansScript(redis, [at], [now(), LEASE_MS, max])),
      )
      return names.flat().map((name) => readName(name.toString()))
    },

    async forget(name) {
      await redis.zrem(partitionOf(name.identityId).underWay, writeName(name))
    },

    async byDigest(digest) {
      // The digest does not tell the partition, and this is asked for bounces only.
      const found = await Promise.all(partitions.map(({ name }) => redis.get(name(digest))))
      const name = found.find((one) => one !== null)
      return name === undefined || name === null ? undefined : readName(name)
    },

    async page(state, first, after) {
      const [score, member] = after === undefined ? ['+inf', undefined] : readCursor(after)
      const found = await Promise.all(
        partitions.map(({ list }) =>
          redis.zrevrangebyscore(list(state), score, '-inf', 'WITHSCORES', 'LIMIT', 0, first + SPARE),
        ),
      )
      const rows = found
        .flatMap(pairs)
        .filter((row) => member === undefined || row.score !== score || row.member < member)
      if (partitions.length > 1) rows.sort(latestFirst)
      const page = rows.slice(0, first)
      const last = page.at(-1)
      return {
        names: page.map((row) => readName(row.member)),
        next: last === undefined || rows.length <= first ? null : writeCursor(last),
      }
    },
  }
}

interface Row {
  readonly member: string
  readonly score: string
}

function pairs(flat: readonly string[]): Row[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => ({
    member: flat[2 * i] ?? '',
    score: flat[2 * i + 1] ?? '',
  }))
}

/** The order in which Redis lists one partition. */
function latestFirst(one: Row, other: Row): number {
  return Number(other.score) - Number(one.score) || (one.member < other.member ? 1 : -1)
}

function writeCursor({ member, score }: Row): string {
  return Buffer.from(`${score} ${member}`).toString('base64url')
}

/** A cursor that is none begins at the end of time: an empty page, not an error. */
function readCursor(cursor: string): readonly [score: string, member: string] {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, score = '-inf', member = ''] = /^(\d{1,16}) (.*)$/s.exec(text) ?? []
  return [score, member]
}
