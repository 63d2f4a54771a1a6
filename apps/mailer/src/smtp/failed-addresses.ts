import type { SmtpServer } from './smtp-url.ts'

/** How long a failed address comes after the others. */
const FAILED_MS = 300_000

/** When addresses failed last, by relay. */
const failures = new WeakMap<SmtpServer, Map<string, number>>()

/**
 * Puts addresses that failed lately last, the others stay in the order of DNS. So a dead address costs its
 * timeout once in five minutes and not at each new connection.
 */
export function byLuck(server: SmtpServer, addresses: readonly string[], now = performance.now()): string[] {
  const failed = failures.get(server)
  const hasFailed = (address: string) => {
    const at = failed?.get(address)
    return at !== undefined && now - at < FAILED_MS
  }
  return [
    ...addresses.filter((address) => !hasFailed(address)),
    ...addresses.filter((address) => hasFailed(address)),
  ]
}

export function noteFailure(server: SmtpServer, address: string, now = performance.now()): void {
  const failed = failures.get(server) ?? new Map<string, number>()
  for (const [other, at] of failed) if (now - at >= FAILED_MS) failed.delete(other)
  failures.set(server, failed.set(address, now))
}

export function noteSuccess(server: SmtpServer, address: string): void {
  failures.get(server)?.delete(address)
}
