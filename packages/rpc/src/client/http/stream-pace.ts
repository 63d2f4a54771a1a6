import type { Connections } from './connections.ts'

/** A ping below this time is only slow because the machine is busy. */
const UNSUSPICIOUS_MS = 20
/** Frames may take this many times as long as a request. */
const TIMES_AS_LONG = 3

/**
 * True when something on the way buffers frames, as HAProxy does without `option http-no-delay`. A request
 * is timed for comparison only after a suspiciously slow ping.
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
  return pingMs > UNSUSPICIOUS_MS + TIMES_AS_LONG * requestMs
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
