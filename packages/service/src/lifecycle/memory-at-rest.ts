import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setAlignedTimeout } from '../timing/aligned-timer.ts'
import { measureBusyShare } from '../timing/busy-share.ts'

/** How often a process looks whether it is at rest, and so how long it must have been. */
export const REST_MS = 10_000
/** Share of this time that was work, below which a process is at rest. */
export const REST_SHARE = 0.02
/** A young generation of a process that has hardly worked is smaller. */
const GROWN_BYTES = 8 * 1024 * 1024

export interface MemoryAtRestOptions {
  /** For tests: the share of the time since the last call that was work. */
  readonly busyShare?: () => number
  /** For tests: gives memory back. */
  readonly giveBack?: () => void
}

/**
 * Gives memory back to the system when a process that has worked is at rest. V8 keeps the young generation
 * at the size that the load needed (64 MB), and makes it smaller only when it collects at rest. It does not
 * collect by itself while nothing is allocated.
 * @returns ends this
 */
export function giveMemoryBackAtRest({
  busyShare = measureBusyShare(),
  giveBack = collectGarbage,
}: MemoryAtRestOptions = {}): () => void {
  let cancel: () => void
  const look = () => {
    cancel = setAlignedTimeout(() => {
      if (busyShare() < REST_SHARE && youngBytes() > GROWN_BYTES) giveBack()
      look()
    }, REST_MS)
  }
  look()
  return () => cancel()
}

/** Bytes of the young generation, used or not. */
export function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}

/** Collects all garbage: a pause of 10 to 40 ms. The flag is needed for the moment only. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  try {
    // The flag has made this global.
    const collect = runInNewContext('gc') as () => void
    collect()
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
