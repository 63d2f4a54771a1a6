/** Sends what nobody waits for: many items make one call. */
export interface BackgroundBatch<Item> {
  add(item: Item): void
  /** Sends what is still collected, and waits for what is under way. */
  close(): Promise<void>
}

export interface BackgroundBatchOptions<Item> {
  /** Items in one call at most. */
  readonly most: number
  /** How long the first item of a call waits for others. */
  readonly collectMs: number
  send(items: readonly Item[]): Promise<unknown>
  /** Told of a call that failed; its items are gone. */
  onFault(error: unknown, count: number): void
}

export function createBackgroundBatch<Item>({
  most,
  collectMs,
  send,
  onFault,
}: BackgroundBatchOptions<Item>): BackgroundBatch<Item> {
  const underWay = new Set<Promise<void>>()
  let items: Item[] = []
  let timer: NodeJS.Timeout | undefined

  async function sendOnce(leaving: readonly Item[]): Promise<void> {
    try {
      await send(leaving)
    } catch (error) {
      onFault(error, leaving.length)
    }
  }

  function leave(): void {
    clearTimeout(timer)
    timer = undefined
    if (items.length === 0) return
    const sending = sendOnce(items).finally(() => underWay.delete(sending))
    underWay.add(sending)
    items = []
  }

  return {
    add(item) {
      items.push(item)
      if (items.length >= most) leave()
      else timer ??= setTimeout(leave, collectMs)
    },
    async close() {
      leave()
      await Promise.all(underWay)
    },
  }
}
