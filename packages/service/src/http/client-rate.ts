import { clientNetwork } from '@emailauth/contracts/client-network'

/** Limits the calls of each client in one process, to protect the process itself. */
export interface ClientRate {
  /** Counts a call. 0: it is within the limit; else the seconds until the client may call again. */
  secondsToWait(address: string | undefined): number
}

export interface ClientRateOptions {
  /** Calls of one IPv4 address or IPv6 /64 in a window. */
  readonly most: number
  readonly windowMs: number
  /** Unix milliseconds. */
  readonly now?: () => number
}

/** A customer may have a whole /48, so it has room for as many /64 as this. */
export const NETWORKS_OF_A_48 = 16
/** Networks that are remembered. Beyond that those whose window began first are forgotten. */
const MAX_NETWORKS = 10_000

export function createClientRate({ most, windowMs, now = Date.now }: ClientRateOptions): ClientRate {
  const windows = new Map<string, { startMs: number; calls: number }>()

  function count(network: string, limit: number): number {
    const nowMs = now()
    let window = windows.get(network)
    // A clock that was set back begins a window too, or the old one would last too long.
    if (window === undefined || nowMs - window.startMs >= windowMs || nowMs < window.startMs) {
      window = { startMs: nowMs, calls: 0 }
      // Deleted first, so that the oldest windows stand at the front.
      windows.delete(network)
      windows.set(network, window)
      const [oldest] = windows.keys()
      if (windows.size > MAX_NETWORKS && oldest !== undefined) windows.delete(oldest)
    }
    window.calls += 1
    return window.calls <= limit ? 0 : Math.ceil((window.startMs + windowMs - nowMs) / 1000)
  }

  return {
    secondsToWait(address) {
      const { network, wider } = clientNetwork(address)
      const ofNetwork = count(network, most)
      return wider === undefined ? ofNetwork : Math.max(ofNetwork, count(wider, NETWORKS_OF_A_48 * most))
    },
  }
}
