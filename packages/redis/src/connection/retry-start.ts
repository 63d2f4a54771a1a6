import { setTimeout as wait } from 'node:timers/promises'
import { isRedisUnavailable } from '../faults.ts'
import { reconnectDelay } from './connect.ts'
import { LoadingRedisError } from './loading.ts'
import { SilentRedisError } from './silent-redis.ts'

/** How long a start waits for a Redis that takes connections and does not answer. */
const START_MS = 10_000

/**
 * Opens what a service needs of Redis. A Redis that is silent for a while, as on a busy machine, is waited
 * for. Every other fault ends the start at once, also one that says what is wrong.
 * @param open on new connections; it closes them when it fails
 * @throws {SilentRedisError} after ten seconds.
 */
export async function retryStart<Opened>(
  url: string,
  open: () => Promise<Opened>,
  pause: (ms: number) => Promise<void> = wait,
): Promise<Opened> {
  const endsAtMs = performance.now() + START_MS
  for (let attempt = 1; ; attempt++) {
    try {
      return await open()
    } catch (error) {
      if (!mayPass(error)) throw error
      if (performance.now() >= endsAtMs) throw new SilentRedisError(url, error)
      await pause(reconnectDelay(attempt))
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof LoadingRedisError) return false
  return error instanceof SilentRedisError || isRedisUnavailable(error)
}
