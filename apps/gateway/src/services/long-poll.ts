/** How long a service may wait until it has something to answer with. */
export interface LongPollWait {
  readonly waitSeconds: number
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** Shorter than the idle time-outs of proxies between the services. */
export const LONG_POLL_SECONDS = 15
/** For the reply itself. */
const REPLY_MS = 2000

/** A lost reply is not asked for again at once: the next round does. */
export function longPollOptions({ waitSeconds, signal }: LongPollWait) {
  return { signal, timeoutMs: waitSeconds * 1000 + REPLY_MS, isIdempotent: false } as const
}
