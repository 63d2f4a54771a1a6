import { createGather } from '@emailauth/gather/gather'

/** Sends items in the background, many in one call. */
export interface BackgroundBatch<Item> {
  add(item: Item): void
  /** Sends the gathered items and waits for all running calls. */
  close(): Promise<void>
}

export interface BackgroundBatchOptions<Item> {
  /** Most items in one call. */
  readonly max: number
  /** How long the first item of a call waits for others. */
  readonly gatherMs: number
  send(items: readonly Item[]): Promise<unknown>
  /** Called when a call failed. Its items are lost. */
  onError(error: unknown, count: number): void
}

export function createBackgroundBatch<Item>(options: BackgroundBatchOptions<Item>): BackgroundBatch<Item> {
  const { max, gatherMs, send, onError } = options
  const running = new Set<Promise<unknown>>()
  const gather = createGather<Item, undefined>({
    max,
    until: { ms: gatherMs },
    async run(items) {
      const call = send(items)
        .catch((error: unknown) => onError(error, items.length))
        .finally(() => running.delete(call))
      running.add(call)
      return items.map(() => undefined)
    },
  })
  return {
    add: (item) => void gather.add(item),
    async close() {
      gather.flush()
      await Promise.all(running)
    },
  }
}
