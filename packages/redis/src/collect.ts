/** Calls that go together, and who waits for each of them. */
interface Together<Call, Result> {
  readonly calls: Call[]
  readonly callers: {
    resolve(result: Result): void
    reject(error: unknown): void
  }[]
}

/**
 * Collects the calls of one turn of the event loop, group by group, and does each group's together, `most` at once. They leave when all that the turn has
 * brought about is done, so that a call that is alone does not wait either. Each gets its own result.
 *
 * @param run answers with one result for each call, in their order; an `Error` among them is that call's own.
 */
export function collect<Call, Result>(
  run: (group: string, calls: readonly Call[]) => Promise<readonly (Result | Error)[]>,
  most: number,
): (group: string, call: Call) => Promise<Result> {
  const waiting = new Map<string, Together<Call, Result>>()

  function leave(group: string): void {
    const together = waiting.get(group)
    if (together === undefined) return
    waiting.delete(group)
    const { calls, callers } = together
    run(group, calls).then(
      (results) => {
        for (const [i, caller] of callers.entries()) {
          const result = results[i]
          if (result instanceof Error) caller.reject(result)
          else caller.resolve(result as Result)
        }
      },
      (error: unknown) => {
        for (const { reject } of callers) reject(error)
      },
    )
  }

  function join(group: string): Together<Call, Result> {
    const there = waiting.get(group)
    if (there !== undefined) return there
    const together = { calls: [], callers: [] }
    waiting.set(group, together)
    process.nextTick(leave, group)
    return together
  }

  return (group, call) =>
    new Promise((resolve, reject) => {
      const { calls, callers } = join(group)
      calls.push(call)
      callers.push({ resolve, reject })
      if (calls.length === most) leave(group)
    })
}
