import type { Connections } from './connections.ts'

/** A ping below this time is only slow because the machine is busy. */
const UNSUSPICIOUS_MS = 20
/** Frames may take this many times as long as a request. */
const TIMES_AS_LONG = 3
const MORE_PINGS = 3

/**
 * True when something on the way buffers frames, as HAProxy does without `option http-no-delay`. Requests
 * are timed for comparison only after suspiciously slow pings, and pings again after them: what is delayed
 * by a proxy is delayed each time, and what waits for a busy machine is not.
 */
export async function isSlowerThanRequests(
  ping: () => Promise<unknown>,
  connections: Pick<Connections, 'request'>,
): Promise<boolean> {
  const pingMs = await fastestOf(2, ping)
  if (pingMs < UNSUSPICIOUS_MS) return false
  const requestMs = await fastestOf(2, async () => {
    const { body } = await connections.request({ method: 'GET', path: '/healthz' })
    await body.dump()
  })
  const isSlow = (ms: number) => ms > UNSUSPICIOUS_MS + TIMES_AS_LONG * requestMs
  return isSlow(pingMs) && isSlow(await fastestOf(MORE_PINGS, ping))
}

async function fastestOf(times: number, measured: () => Promise<unknown>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await measured()
    fastest = Math.min(fastest, performance.now() - began)
  }
  return fastest
}
