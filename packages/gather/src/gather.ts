import DataLoader from 'dataloader'

/**
 * When gathered items leave, unless there are `max` of them before:
 * `tick`: when the callback that runs now has ended. `turn`: after the I/O of this turn of the event loop. `two-turns`: after that of the
 * next one too. `{ ms }`: so long after the first of them.
 */
export type GatherUntil = 'tick' | 'turn' | 'two-turns' | { readonly ms: number }

export interface GatherOptions<Item, Result> {
  readonly until: GatherUntil
  /** Items in one run at most; a run that is full starts at once. */
  readonly max: number
  /** Answers with one result for each item, in their order; an `Error` among them rejects that item alone. */
  run(items: readonly Item[]): Promise<readonly (Result | Error)[]>
}

export interface Gather<Item, Result> {
  /** Resolves with the item's own result. */
  add(item: Item): Promise<Result>
  /** Starts the run of what is gathered now. */
  flush(): void
}

/** Gathers items that come one by one into runs over many. */
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
      const start = () => {
        if (hasStarted) return
        hasStarted = true
        dispatch()
      }
      flush = start
      schedule(start, until)
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

function schedule(start: () => void, until: GatherUntil): void {
  if (until === 'tick') process.nextTick(start)
  else if (until === 'turn') setImmediate(start)
  else if (until === 'two-turns') setImmediate(setImmediate, start)
  else setTimeout(start, until.ms)
}
