import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { type MessageName, readName } from './message-name.ts'

/** A page of a list. `next` is the cursor of the following page. */
export interface IndexPage {
  readonly names: readonly MessageName[]
  /** The position of each name; it begins a page that goes on behind it. */
  readonly cursors: readonly string[]
  readonly next: string | null
}

export interface PageQuery {
  readonly first: number
  /** The cursor of the previous page's end. */
  readonly after: string | undefined
  /** Absent: messages of all tenants. */
  readonly tenantId?: string | undefined
  /** Only messages that changed at this time or later. */
  readonly fromMs?: number | undefined
  /** Only messages that changed earlier. */
  readonly toMs?: number | undefined
}

interface Row {
  readonly member: string
  readonly score: string
}

/** Rows of a list that are read at once. */
const STEP = 500

/** A page of messages in a state, latest change first, merged from the lists of all partitions. */
export async function readPage(
  redis: RedisConnection,
  lists: readonly string[],
  { first, after, tenantId, fromMs, toMs }: PageQuery,
): Promise<IndexPage> {
  const from = after === undefined ? undefined : readCursor(after)
  const found = (await Promise.all(lists.map((list) => rowsOf(list)))).flat()
  if (lists.length > 1) found.sort(latestFirst)
  const page = found.slice(0, first)
  const last = page.at(-1)
  return {
    names: page.map((row) => readName(row.member)),
    cursors: page.map(writeCursor),
    next: last === undefined || found.length <= first ? null : writeCursor(last),
  }

  /** Reads as many rows of a list as the page can need, and one more to learn whether a page follows. */
  async function rowsOf(list: string): Promise<Row[]> {
    const wanted: Row[] = []
    for (let at = from; wanted.length <= first; ) {
      const rows = await rowsBelow(list, at)
      wanted.push(...rows.filter(({ member }) => tenantId === undefined || member.startsWith(`${tenantId}.`)))
      at = rows.at(-1)
      if (at === undefined) break
    }
    return wanted
  }

  /** The next rows in list order, empty at the end. */
  async function rowsBelow(list: string, at: Row | undefined): Promise<Row[]> {
    // Redis returns messages of the last row's millisecond again. They are skipped.
    for (let count = STEP; ; count *= 2) {
      const score = at?.score ?? '+inf'
      const highest = toMs !== undefined && !(Number(score) < toMs) ? `(${toMs}` : score
      const lowest = fromMs ?? '-inf'
      const rows = pairs(await redis.zrevrangebyscore(list, highest, lowest, 'WITHSCORES', 'LIMIT', 0, count))
      const below = rows.filter((row) => at === undefined || row.score !== score || row.member < at.member)
      if (below.length > 0 || rows.length < count) return below
    }
  }
}

function pairs(flat: readonly string[]): Row[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => ({
    member: flat[2 * i] ?? '',
    score: flat[2 * i + 1] ?? '',
  }))
}

/** The order of one partition's list in Redis. */
function latestFirst(one: Row, other: Row): number {
  return Number(other.score) - Number(one.score) || (one.member < other.member ? 1 : -1)
}

function writeCursor({ member, score }: Row): string {
  return Buffer.from(`${score} ${member}`).toString('base64url')
}

/** An unreadable cursor gives an empty page, not an error. */
function readCursor(cursor: string): Row {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, score = '-inf', member = ''] = /^(\d{1,16}) (.*)$/s.exec(text) ?? []
  return { score, member }
}
