import { isIP } from 'node:net'
import { knownNames } from '@emailauth/service/config/known-names'
import type { TlsSource } from '@emailauth/service/network/tls'
import { type BatchStreams, createBatchStreams } from './batch-streams.ts'
import { type Connections, createConnections } from './connections.ts'
import { MISDIRECTED, type OwnHeaders } from './own-headers.ts'

/** One process of a service. */
export interface Endpoint {
  readonly url: string
  readonly connections: Connections
  readonly streams: BatchStreams
}

/** The processes of one service: each URL of the list, and each address behind the name in a URL. */
export interface Endpoints {
  /** Next endpoint in turn. Skips `not` and those that are avoided, while there is another. */
  next(not?: Endpoint): Endpoint
  /** Marks one as failed, so that the others get its calls until it answers a probe. */
  failed(endpoint: Endpoint): void
  readonly size: number
  close(): Promise<void>
}

export interface EndpointsOptions {
  /** One or more base URLs. */
  readonly urls: readonly string[]
  readonly own: OwnHeaders
  readonly tls?: TlsSource | undefined
  readonly maxPooled?: number | undefined
  readonly cutOff?: AbortSignal | undefined
  /** All addresses of a name; for tests. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
  /** Default: {@link PROBE_TIMES}. */
  readonly probeTimes?: typeof PROBE_TIMES
}

/** How often a process that failed is probed, and how long it has to answer. */
export const PROBE_TIMES = { everyMs: 1000, timeoutMs: 1000 }
/** How often a name is looked up. */
const LOOKUP_MS = 5000

interface Known extends Endpoint {
  readonly address: string | undefined
  /** Set while it is avoided: the next probe. */
  probe: NodeJS.Timeout | undefined
}

/** Opens no connection yet. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { urls, own, tls, maxPooled, cutOff, resolve = addressesOf, probeTimes = PROBE_TIMES } = options
  const open = (url: string, address?: string): Known => {
    const connections = createConnections({ url, address, tls, maxPooled, cutOff })
    const streams = createBatchStreams(connections, own, () => known.length > 1)
    return { url, address, connections, streams, probe: undefined }
  }
  let known: Known[] = urls.map((url) => open(url))
  let turn = 0
  let isClosed = false
  const closing = new Set<Promise<void>>()

  /** Calls that run on an endpoint which is gone finish first. */
  function retire(endpoint: Known): void {
    clearTimeout(endpoint.probe)
    endpoint.streams.close()
    const closed = endpoint.connections
      .close()
      .catch(() => {})
      .finally(() => closing.delete(closed))
    closing.add(closed)
  }

  /**
   * Calls return to a process when it answers a probe. Tried with calls, a silent one would hold each of them
   * until its time-out. On a new connection, because pooled ones may be half-open.
   */
  function probeLater(endpoint: Known): void {
    endpoint.probe = setTimeout(async () => {
      const signal = AbortSignal.timeout(probeTimes.timeoutMs)
      try {
        const request = { method: 'GET', path: '/healthz', headers: own, signal } as const
        const { statusCode, body } = await endpoint.connections.requestOnNewConnection(request)
        await body.dump()
        if (statusCode === MISDIRECTED) throw new Error('another service answers')
        endpoint.probe = undefined
      } catch {
        if (known.includes(endpoint) && !isClosed) probeLater(endpoint)
      }
    }, probeTimes.everyMs).unref()
  }

  async function lookUp(url: string): Promise<void> {
    const addresses = await resolve(hostOf(url)).catch(() => [])
    // With one address each new connection looks it up by itself. With none the former ones stay in use.
    const wanted: readonly (string | undefined)[] = addresses.length === 1 ? [undefined] : addresses
    if (wanted.length === 0 || isClosed) return
    const here = known.filter((endpoint) => endpoint.url === url)
    const added = wanted.filter((address) => !here.some((endpoint) => endpoint.address === address))
    const gone = here.filter(({ address }) => !wanted.includes(address))
    if (added.length === 0 && gone.length === 0) return
    known = [
      ...known.filter((endpoint) => !gone.includes(endpoint)),
      ...added.map((address) => open(url, address)),
    ]
    for (const endpoint of gone) retire(endpoint)
  }

  /** A slow name server must not hold one more thread every five seconds. */
  const lookingUp = new Set<string>()
  function lookUpOnce(url: string): void {
    if (lookingUp.has(url)) return
    lookingUp.add(url)
    void lookUp(url).finally(() => lookingUp.delete(url))
  }

  const names = urls.filter((url) => isIP(hostOf(url)) === 0 && hostOf(url) !== 'localhost')
  let lookedUpAt = Number.NEGATIVE_INFINITY
  function lookUpNames(now: number): void {
    if (names.length === 0 || now - lookedUpAt < LOOKUP_MS) return
    lookedUpAt = now
    for (const url of names) lookUpOnce(url)
  }

  return {
    get size() {
      return known.length
    },
    next(not) {
      const now = performance.now()
      lookUpNames(now)
      let second: Known | undefined
      for (let tries = 0; tries < known.length; tries++) {
        // The index is below the length, and there is always an endpoint.
        const endpoint = known[turn++ % known.length] as Known
        if (endpoint !== not && endpoint.probe === undefined) return endpoint
        if (endpoint !== not) second ??= endpoint
      }
      return second ?? (known[0] as Known)
    },
    failed(endpoint) {
      const found = known.find((one) => one === endpoint)
      if (found !== undefined && found.probe === undefined && known.length > 1) probeLater(found)
      // The name may have other addresses now.
      lookedUpAt = Math.min(lookedUpAt, performance.now() - LOOKUP_MS + probeTimes.everyMs)
    },
    async close() {
      isClosed = true
      for (const endpoint of known) retire(endpoint)
      await Promise.all(closing)
    },
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await knownNames.find(host)).map(({ address }) => address)
}
