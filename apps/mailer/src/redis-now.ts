import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { setAlignedTimeout } from '@emailauth/service/timing/aligned-timer'

/** How old the answer of Redis may be from which a moment is reckoned. */
export const REFRESH_MS = 10_000
/** Pause after Redis did not answer. */
const AFTER_FAILURE_MS = 1000

/** The time of Redis, by which numbers expire. */
export interface RedisNow {
  /** Unix milliseconds. */
  readonly now: () => number
  /**
   * Learns from a reply that has the time. So an attempt goes by the clock that made its number, also when
   * that was set a moment ago.
   * @param askedAtMs when the call was sent, by the clock that nobody sets
   */
  readonly learn: (redisMs: number, askedAtMs: number) => void
}

/** Redis says its time in whole milliseconds. */
const ROUNDED_MS = 1

/**
 * The time of Redis. By the clock of a machine that is an hour ahead, as after a pause of a virtual one,
 * every number would have expired and no mail would be sent.
 * It asks at rest too, because the clock below stands still while the machine is suspended, and after each
 * reconnect, because another server may answer. It ends with the connection.
 * @param monotonic milliseconds of a clock that nobody sets
 * @throws {Error} when Redis does not answer the first time
 */
export async function openRedisNow(
  redis: RedisConnection,
  monotonic: () => number = () => performance.now(),
): Promise<RedisNow> {
  /** Between `monotonic` and the time of Redis. */
  let offset = Number.NEGATIVE_INFINITY
  let hasEnded = false
  let cancel = () => {}

  const learn = (redisMs: number, askedAtMs: number) => {
    const least = redisMs - monotonic()
    // Between these the offset may be, so it is kept: a reply that was long on its way changes nothing.
    if (offset < least || offset > redisMs + ROUNDED_MS - askedAtMs) offset = least
  }
  const ask = async () => {
    const askedAtMs = monotonic()
    const [seconds, micros] = await redis.time()
    learn(Number(seconds) * 1000 + Number(micros) / 1000, askedAtMs)
  }
  const refresh = async () => {
    const pauseMs = await ask().then(
      () => REFRESH_MS,
      () => AFTER_FAILURE_MS,
    )
    refreshIn(pauseMs)
  }
  const refreshIn = (ms: number) => {
    cancel()
    if (!hasEnded) cancel = setAlignedTimeout(() => void refresh(), ms, 'at the latest')
  }

  await ask()
  refreshIn(REFRESH_MS)
  redis.on('end', () => {
    hasEnded = true
    cancel()
  })
  // The connection may be opened again after its end.
  redis.on('ready', () => {
    hasEnded = false
    void refresh()
  })
  return { now: () => Math.floor(monotonic() + offset), learn }
}
