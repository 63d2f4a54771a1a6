const WINDOW_MS = 60_000
/** Clients remembered at most. Beyond that all counts restart. */
const MAX_CLIENTS = 10_000

/**
 * Counts reports by client address. Returns true while the client is within the bound of the current minute.
 */
export function createReportRate(perMinute: number, now: () => number): (client: string) => boolean {
  let windowStart = 0
  const counts = new Map<string, number>()
  return (client) => {
    if (now() - windowStart >= WINDOW_MS || counts.size >= MAX_CLIENTS) {
      windowStart = now()
      counts.clear()
    }
    const count = (counts.get(client) ?? 0) + 1
    counts.set(client, count)
    return count <= perMinute
  }
}
