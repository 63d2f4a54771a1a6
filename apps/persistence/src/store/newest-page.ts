import type { RedisConnection } from '@emailauth/redis/connection/connect'

/** Ids that are looked up together for a page. */
const READ_AT_ONCE = 100

/** Where a page goes on: behind the item with this moment and id, which may be gone by now. */
export interface ListPosition {
  readonly atMs: number
  readonly id: string
}

/** Whether an item comes after this position: newest first, and of one moment the greater id first. */
export function isBehind(item: ListPosition, after: ListPosition | undefined): boolean {
  return after === undefined || item.atMs < after.atMs || (item.atMs === after.atMs && item.id < after.id)
}

export interface NewestPageOptions<Item> {
  /** A sorted set of ids by their moments, in milliseconds. */
  readonly list: string
  readonly first: number
  readonly after?: ListPosition | undefined
  /** Reads the items of some ids, each undefined where there is none. */
  readonly read: (ids: readonly string[]) => Promise<readonly (Item | undefined)[]>
}

/**
 * A page of a list, newest first. Only its own items are read.
 */
export async function newestPage<Item>(
  redis: RedisConnection,
  { list, first, after, read }: NewestPageOptions<Item>,
): Promise<{ readonly items: Item[]; readonly hasNextPage: boolean }> {
  const items: Item[] = []
  // An id may have no item, so that a page may need more ids than it has items.
  for (let at = 0; items.length <= first; at += READ_AT_ONCE) {
    const from = after?.atMs ?? '+inf'
    const scored = await redis.zrevrangebyscore(list, from, '-inf', 'WITHSCORES', 'LIMIT', at, READ_AT_ONCE)
    const ids = scored.filter((id, i) => i % 2 === 0 && isBehind({ id, atMs: Number(scored[i + 1]) }, after))
    for (const item of await read(ids)) if (item !== undefined) items.push(item)
    if (scored.length < 2 * READ_AT_ONCE) break
  }
  return { items: items.slice(0, first), hasNextPage: items.length > first }
}
