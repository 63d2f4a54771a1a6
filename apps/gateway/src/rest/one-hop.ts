import DataLoader from 'dataloader'

/**
 * Makes one hop of the calls of one turn of the event loop: they are collected and sent together, and each gets its own
 * result. A call that is alone in its turn goes alone; none waits for a timer.
 *
 * @param send answers with one result for each call, in their order.
 * @param most calls in one hop; more are split.
 */
export function oneHop<Call, Result>(
  send: (calls: readonly Call[]) => Promise<readonly Result[]>,
  most: number,
): (call: Call) => Promise<Result> {
  const loader = new DataLoader<Call, Result>((calls) => send(calls), {
    cache: false,
    maxBatchSize: most,
    // After the I/O of this turn: what arrived on other connections meanwhile comes along.
    batchScheduleFn: (dispatch) => setImmediate(dispatch),
  })
  return (call) => loader.load(call)
}
