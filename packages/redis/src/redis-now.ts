/** How old the answer of Redis may be from which a moment is reckoned. */
export const REFRESH_MS = 10_000
/** Pause after Redis did not answer. */
const AFTER_FAILURE_MS = 1000

export interface Clocks {
  /** Unix milliseconds of this machine. It may be wrong, and may be set at any moment. */
  readonly wall: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number
}

/**
 * The time of Redis in Unix milliseconds, by which numbers expire. By the clock of a machine that is an hour
 * ahead, as after a pause of a virtual one, every number would have expired and no mail would be sent.
 * It asks when somebody wants to know and the last answer is old, so it costs nothing at rest. If there is no
 * first answer it is the time of this machine until one comes.
 */
export async function openRedisNow(
  redis: { time(): Promise<(number | string)[]> },
  { wall, monotonic }: Clocks = { wall: Date.now, monotonic: () => performance.now() },
): Promise<() => number> {
  /** Between `monotonic` and the time of Redis. */
  let offset: number | undefined
  let askAt = Number.NEGATIVE_INFINITY

  const ask = async () => {
    askAt = Number.POSITIVE_INFINITY
    try {
      const [seconds, micros] = await redis.time()
      const answeredAt = monotonic()
      offset = Number(seconds) * 1000 + Number(micros) / 1000 - answeredAt
      askAt = answeredAt + REFRESH_MS
    } catch {
      askAt = monotonic() + AFTER_FAILURE_MS
    }
  }
  await ask()

  return () => {
    const at = monotonic()
    if (at >= askAt) void ask()
    return offset === undefined ? wall() : Math.floor(at + offset)
  }
}
