import type { MessageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import moveLua from './lua/move.lua'
import takeOrphansLua from './lua/take-orphans.lua'
import { digestOf, type MessageName, readName, writeName } from './message-name.ts'
import { LEASE_MS } from './message-store.ts'

/** A page of a list; `next` is where the one after it begins. */
export interface IndexPage {
  readonly names: readonly MessageName[]
  readonly next: string | null
}

/**
 * Lists over all messages: which are under way, so that those of a dead mailer are found, and which are in what state, for people.
 * The message store is what counts; a list may lag behind it or be cut.
 */
export interface MessageIndex {
  /** An attempt has begun, or goes on. */
  underWay(name: MessageName): Promise<void>
  /** The message has reached a state. `findableMs`: how long its name is found by the Message-ID of its mail. */
  reached(name: MessageName, state: MessageState, findableMs?: number): Promise<void>
  /** Up to so many messages whose mailer died; nobody else is given them for a lease. */
  orphans(max: number): Promise<readonly MessageName[]>
  /** Whether no message at all is under way or waits for another attempt. */
  isIdle(): Promise<boolean>
  /** Takes a message off the list of those under way. */
  forget(name: MessageName): Promise<void>
  /** The message behind {@link digestOf}, while its state is kept. */
  byDigest(digest: string): Promise<MessageName | undefined>
  /** Latest change first; of one tenant, or of all. */
  page(
    state: MessageState,
    first: number,
    after: string | undefined,
    tenantId?: string | undefined,
  ): Promise<IndexPage>
}

/** How long a list is kept after its last change, and how many messages it keeps. */
const KEPT_MS = 24 * 3_600_000
const LISTED = 10_000

const moveScript = defineScript<null>(moveLua)
const takeOrphansScript = defineScript<Buffer[]>(takeOrphansLua)

const UNDER_WAY = 'ea:{mail}:under-way'
export const listOf = (state: MessageState) => (state === 'queued' ? UNDER_WAY : `ea:{mail}:state:${state}`)
const idKey = (digest: string) => `ea:{mail}:id:${digest}`

export function createMessageIndex(redis: RedisConnection, now: () => number): MessageIndex {
  return {
    async underWay(name) {
      await Promise.all([
        redis.zadd(UNDER_WAY, now() + LEASE_MS, writeName(name)),
        redis.pexpire(UNDER_WAY, KEPT_MS),
      ])
    },

    async reached(name, state, findableMs = 0) {
      const keys = [UNDER_WAY, listOf('deferred'), listOf(state), idKey(digestOf(name))]
      await moveScript(redis, keys, [writeName(name), now(), KEPT_MS, LISTED, Math.ceil(findableMs)])
    },

    async isIdle() {
      const counts = await Promise.all([redis.zcard(UNDER_WAY), redis.zcard(listOf('deferred'))])
      return counts.every((count) => count === 0)
    },

    async orphans(max) {
      const names = await takeOrphansScript(redis, [UNDER_WAY], [now(), LEASE_MS, max])
      return names.map((name) => readName(name.toString()))
    },

    async forget(name) {
      await redis.zrem(UNDER_WAY, writeName(name))
    },

    async byDigest(digest) {
      const name = await redis.get(idKey(digest))
      return name === null ? undefined : readName(name)
    },

    async page(state, first, after, tenantId) {
      const found: Row[] = []
      let from: Row | undefined = after === undefined ? undefined : readCursor(after)
      for (;;) {
        const rows = await rowsAfter(listOf(state), from, STEP)
        found.push(...rows.filter((row) => tenantId === undefined || isOf(tenantId, row.member)))
        from = rows.at(-1)
        if (from === undefined || found.length > first) break
      }
      const page = found.slice(0, first)
      const last = page.at(-1)
      return {
        names: page.map((row) => readName(row.member)),
        next: last === undefined || found.length <= first ? null : writeCursor(last),
      }
    },
  }

  /** The rows below one in the order of a list; none when there are no more. */
  async function rowsAfter(list: string, from: Row | undefined, most: number): Promise<Row[]> {
    // Messages of the same millisecond as the cursor come again; they are passed over.
    for (let count = most; ; count *= 2) {
      const score = from?.score ?? '+inf'
      const flat = await redis.zrevrangebyscore(list, score, '-inf', 'WITHSCORES', 'LIMIT', 0, count)
      const rows = pairs(flat)
      const below = rows.filter(
        (row) => from === undefined || row.score !== score || row.member < from.member,
      )
      if (below.length > 0 || rows.length < count) return below
    }
  }
}

/** How many rows of a list are read at a time. */
const STEP = 500

/** Whether a name is that of a tenant's message: an identity's id begins with its tenant's. */
const isOf = (tenantId: string, member: string) => member.startsWith(`${tenantId}.`)

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

function writeCursor({ member, score }: Row): string {
  return Buffer.from(`${score} ${member}`).toString('base64url')
}

/** A cursor that is none begins at the end of time: an empty page, not an error. */
function readCursor(cursor: string): Row {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, score = '-inf', member = ''] = /^(\d{1,16}) (.*)$/s.exec(text) ?? []
  return { score, member }
}
