import DataLoader from 'dataloader'

/**
 * When the run of gathered items starts, unless it is full before.
 * - `tick`: after the current callback.
 * - `turn`: after the I/O of this turn of the event loop.
 * - `two-turns`: after the I/O of the next turn.
 * - `{ ms }`: this long after the first item.
 */
export type GatherUntil = 'tick' | 'turn' | 'two-turns' | { readonly ms: number }

export interface GatherOptions<Item, Result> {
  readonly until: GatherUntil
  /** Most items in one run. A full run starts at once. */
  readonly max: number
  /** Returns one result for each item, in their order. An `Error` among them rejects only its item. */
  run(items: readonly Item[]): Promise<readonly (Result | Error)[]>
}

export interface Gather<Item, Result> {
  /** Resolves with the item's own result. */
  add(item: Item): Promise<Result>
  /** Starts a run with the items gathered so far. */
  flush(): void
}

/** Gathers single items into runs over many. */
export function createGather<Item, Result>({
  until,
  max,
  run,
}: GatherOptions<Item, Result>): Gather<Item, Result> {
  let count = 0
  let flush = () => {}
  const loader = new DataLoader<Item, Result>((items) => run(items), {
    cache: false,
    maxBatchSize: max,
    batchScheduleFn(dispatch) {
      count = 0
      let hasStarted = false
      let timer: NodeJS.Timeout | undefined
      const start = () => {
        if (hasStarted) return
        hasStarted = true
        clearTimeout(timer)
        dispatch()
      }
      flush = start
      timer = schedule(start, until)
    },
  })
  return {
    add(item) {
      const result = loader.load(item)
      if (++count === max) flush()
      return result
    },
    flush: () => flush(),
  }
}

function schedule(start: () => void, until: GatherUntil): NodeJS.Timeout | undefined {
  if (until === 'tick') process.nextTick(start)
  else if (until === 'turn') setImmediate(start)
  else if (until === 'two-turns') setImmediate(setImmediate, start)
  else return setTimeout(start, until.ms)
  return undefined
}
