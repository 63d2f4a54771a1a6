import { setImmediate as nextTurn } from 'node:timers/promises'

/** Processes a few items at a time, in order. Between slices, other calls get a turn of the event loop. */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await nextTurn()
    results.push(...(await Promise.all(items.slice(at, at + size).map(work))))
  }
  return results
}
