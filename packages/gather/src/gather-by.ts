import { createGather, type Gather, type GatherUntil } from './gather.ts'

export interface GatherByOptions<Item, Result> {
  readonly until: GatherUntil
  /** Most items in one run. */
  readonly max: number
  /** Answers with one result for each item of a group, in their order. */
  run(group: string, items: readonly Item[]): Promise<readonly (Result | Error)[]>
}

/** Gathers items of each group into their own runs. Groups without waiting items use no memory. */
export function createGatherBy<Item, Result>(
  options: GatherByOptions<Item, Result>,
): (group: string, item: Item) => Promise<Result> {
  const { until, max, run } = options
  const waiting = new Map<string, Gather<Item, Result>>()

  function open(group: string): Gather<Item, Result> {
    const gather = createGather<Item, Result>({
      until,
      max,
      run(items) {
        waiting.delete(group)
        return run(group, items)
      },
    })
    waiting.set(group, gather)
    return gather
  }

  return (group, item) => (waiting.get(group) ?? open(group)).add(item)
}
