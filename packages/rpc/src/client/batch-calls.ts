import { currentLink, type SpanOptions } from '@emailauth/service/tracing'
import DataLoader from 'dataloader'

/** The spans of the calls of one hop, the first one's left out: the hop runs in that one itself. */
export type BatchLinks = SpanOptions['links']

type Link = NonNullable<BatchLinks>[number]

/**
 * Makes one hop of the calls of one turn of the event loop: they are collected and sent together, and each gets its own
 * result. A call that is alone in its turn goes alone; none waits for a timer. A hop that is full leaves at once, so that the service is at work
 * while the rest of the turn is still being read.
 *
 * @param send answers with one result for each call, in their order.
 * @param most calls in one hop.
 * @param turns for how many turns of the event loop calls are collected: 2 where a hop of more calls saves more than a turn costs.
 */
export function batchCalls<Call, Result>(
  send: (calls: readonly Call[], links?: BatchLinks) => Promise<readonly Result[]>,
  most: number,
  turns: 1 | 2 = 1,
): (call: Call) => Promise<Result> {
  // Filled and emptied in step with the loader's own batches, and only while requests are traced.
  const links: Link[] = []
  let collected = 0
  let leave = () => {}
  const loader = new DataLoader<Call, Result>(
    (calls) => send(calls, links.splice(0, calls.length).slice(1)),
    {
      cache: false,
      maxBatchSize: most,
      batchScheduleFn(dispatch) {
        let hasLeft = false
        collected = 0
        leave = () => {
          if (!hasLeft) dispatch()
          hasLeft = true
        }
        // After the I/O of this turn: what arrived on other connections meanwhile comes along.
        if (turns === 1) setImmediate(leave)
        else setImmediate(setImmediate, leave)
      },
    },
  )
  return (call) => {
    const link = currentLink()
    if (link !== undefined) links.push(link)
    const result = loader.load(call)
    if (++collected === most) leave()
    return result
  }
}
