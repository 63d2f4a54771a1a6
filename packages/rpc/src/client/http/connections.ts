import type { LookupFunction } from 'node:net'
import { knownNames } from '@emailauth/service/config/known-names'
import type { TlsMaterial, TlsSource } from '@emailauth/service/network/tls'
import { Client, type Dispatcher, Pool } from 'undici'

/** The connections to one process of a service. */
export interface Connections {
  /** On a pooled connection. */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
  /** On a new connection: every pooled one may be half-open. */
  requestOnNewConnection(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
  /** Ends when the requests that run have ended. */
  close(): Promise<void>
}

export interface ConnectionsOptions {
  readonly url: string
  /** The address behind the URL's name, where the name has several. */
  readonly address?: string | undefined
  readonly tls?: TlsSource | undefined
  /** Pooled connections at most; default: {@link MAX_POOLED}. */
  readonly maxPooled?: number | undefined
  /** Cuts off all requests of these connections, and those that come later. */
  readonly cutOff?: AbortSignal | undefined
}

export const MAX_POOLED = 64
/** Most new connections at once. Beyond them pooled ones are used. */
export const MAX_NEW = 64
const CONNECT_TIMEOUT_MS = 1000

/** Opens no connection yet. New certificates hold for new connections. */
export function createConnections({
  url,
  address,
  tls,
  maxPooled = MAX_POOLED,
  cutOff,
}: ConnectionsOptions): Connections {
  const openPool = () => new Pool(url, { ...options(tls?.current, address), connections: maxPooled })
  let pool = openPool()
  const closing = new Set<Dispatcher>()
  /** What it still owes is read first. */
  async function close(one: Dispatcher): Promise<void> {
    closing.add(one)
    await one.close().finally(() => closing.delete(one))
  }
  const forgetChanges = tls?.onChange(() => {
    // What is opened after the cut would never be cut, and undici rejects to close what was destroyed.
    if (cutOff?.aborted) return
    // The close of a former pool fails if the cut comes meanwhile. Nobody waits for it.
    close(pool).catch(() => {})
    pool = openPool()
  })
  const fresh = new Set<Promise<void>>()
  const cut = () => {
    for (const one of [pool, ...closing]) void one.destroy(cutOff?.reason)
  }
  cutOff?.addEventListener('abort', cut, { once: true })
  return {
    request: (request) => pool.request(request),
    async requestOnNewConnection(request) {
      cutOff?.throwIfAborted()
      if (fresh.size >= MAX_NEW) return pool.request(request)
      const client = new Client(url, options(tls?.current, address))
      const reply = client.request(request)
      const closed = close(client).finally(() => fresh.delete(closed))
      fresh.add(closed)
      return reply
    },
    async close() {
      forgetChanges?.()
      try {
        await Promise.all([close(pool), ...fresh])
      } finally {
        cutOff?.removeEventListener('abort', cut)
      }
    },
  }
}

// The signal of a call bounds it whole, so undici's own time-outs, which bound its parts, are off.
function options(material: TlsMaterial | undefined, address: string | undefined) {
  return {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...material,
      lookup: address === undefined ? knownNames.lookup : lookupOf(address),
    },
  }
}

/** Connects to this one of the name's addresses. The certificate is still checked against the name. */
function lookupOf(address: string): LookupFunction {
  const family = address.includes(':') ? 6 : 4
  return (_host, { all }, callback) => {
    if (all === true) callback(null, [{ address, family }])
    else callback(null, address, family)
  }
}
