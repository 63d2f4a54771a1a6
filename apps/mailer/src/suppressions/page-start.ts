import type { RedisConnection } from '@emailauth/redis/connection/connect'

/** Time and digest of the last address of a page. */
const CURSOR = /^(\d{1,16})-([A-Za-z0-9_-]{1,100})$/

/**
 * Where the page after a cursor begins, as a rank of the newest-first order. An entry that has gone or moved
 * since leaves its time: then those of the same time are met again, and none is left out.
 * @returns undefined when the cursor is none of ours.
 */
export async function pageStart(
  redis: RedisConnection,
  order: string,
  cursor: string | undefined,
): Promise<number | undefined> {
  if (cursor === undefined) return 0
  const [, time, field] = CURSOR.exec(cursor) ?? []
  if (time === undefined || field === undefined) return undefined
  const [rank, score, newer] = await Promise.all([
    redis.zrevrank(order, field),
    redis.zscore(order, field),
    redis.zcount(order, `(${time}`, '+inf'),
  ])
  return rank !== null && score === time ? rank + 1 : newer
}

/** What ZREVRANGE … WITHSCORES replies, in pairs. */
export function withTimes(reply: readonly string[]): { readonly field: string; readonly time: string }[] {
  return Array.from({ length: reply.length / 2 }, (_, i) => ({
    field: reply[2 * i] ?? '',
    time: reply[2 * i + 1] ?? '',
  }))
}

/** The cursor of a page that goes on behind this entry. */
export function cursorOf({ time, field }: { readonly time: string; readonly field: string }): string {
  return `${time}-${field}`
}
