import type { TlsMaterial, TlsSource } from '@emailauth/service/tls'
import { Client, type Dispatcher, Pool } from 'undici'

/** The connections to one service. */
export interface Connections {
  /** On a connection that is kept for the next request. */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
  /** On a connection of its own: one that was kept may have died without a word, and so may all the others. */
  requestOnNewConnection(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
  /** Ends when the requests that run have ended. */
  close(): Promise<void>
}

const MOST_KEPT = 64
/** Beyond so many at the same time kept connections have to do. */
const MOST_FRESH = 64

/** Opens no connection yet. New certificates hold for new connections. */
export function createConnections(url: string, tls: TlsSource | undefined): Connections {
  const openPool = () => new Pool(url, { ...options(tls?.current), connections: MOST_KEPT })
  let pool = openPool()
  tls?.onChange(() => {
    const former = pool
    pool = openPool()
    // Requests that run on it finish first.
    void former.close()
  })
  const fresh = new Set<Promise<void>>()
  return {
    request: (request) => pool.request(request),
    async requestOnNewConnection(request) {
      if (fresh.size >= MOST_FRESH) return pool.request(request)
      const client = new Client(url, options(tls?.current))
      const reply = client.request(request)
      // It closes once the reply is read.
      const closed = client.close().finally(() => fresh.delete(closed))
      fresh.add(closed)
      return reply
    },
    async close() {
      await Promise.all([pool.close(), ...fresh])
    },
  }
}

// The signal of a call bounds it whole, so undici's own clocks, which count its parts, are off.
function options(material: TlsMaterial | undefined) {
  return { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 1000, ...material } }
}
