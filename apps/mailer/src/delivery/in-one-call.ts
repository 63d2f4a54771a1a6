import DataLoader from 'dataloader'
import type { MessageSpace, Partition } from './message-space.ts'

/** A script holds Redis up while it runs, so it sees to no more than so many messages: about a millisecond. */
const MOST = 64

/**
 * Collects what is asked of Redis about single messages and asks it in one call for each partition, which fails for all of them or
 * for none.
 * @param call answers with one reply for each question, in their order
 * @param when `now`: what is asked in one go; `soon`: all that the network brings in one turn of the event loop
 */
export function inOneCall<Asked extends { readonly identityId: string }, Reply>(
  space: MessageSpace,
  when: 'now' | 'soon',
  call: (partition: Partition, asked: readonly Asked[]) => Promise<readonly Reply[]>,
): (asked: Asked) => Promise<Reply> {
  const options = {
    cache: false,
    maxBatchSize: MOST,
    ...(when === 'soon' ? { batchScheduleFn: (dispatch: () => void) => setImmediate(dispatch) } : {}),
  }
  const loaders = new Map(
    space.partitions.map((partition) => [
      partition,
      new DataLoader<Asked, Reply>((asked) => call(partition, asked), options),
    ]),
  )
  return (asked) => {
    const loader = loaders.get(space.partitionOf(asked.identityId))
    if (loader === undefined) throw new RangeError('A message lies in a partition that is not there.')
    return loader.load(asked)
  }
}
