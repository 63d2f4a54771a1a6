import { Pool } from 'undici'

/** Fills a store with tenants, each with one live identity, through persistence's own API. */
export interface ManyTenants {
  create(count: number): Promise<void>
  /** Follows live events: of all tenants, or of one. Returns when the first bytes have come. */
  follow(tenantId?: string): Promise<void>
  /** Ends what was followed too. */
  close(): Promise<void>
}

const AT_ONCE = 32
const BATCH = 64
/** On a busy machine persistence may time out. The bench then repeats the call. */
const MOST_TRIES = 10
/** Fewer than one admin may make within an hour. */
const OF_ONE_ADMIN = 480

export function createManyTenants(url: string, serviceToken: string): ManyTenants {
  const pool = new Pool(url, { connections: AT_ONCE, bodyTimeout: 0 })
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }

  async function post<Reply>(path: string, body: object, actor?: string): Promise<Reply> {
    const as =
      actor === undefined ? headers : { ...headers, 'x-emailauth-actor': `admin ${actor}@example.org` }
    const reply = await pool.request({ method: 'POST', path, headers: as, body: JSON.stringify(body) })
    const text = await reply.body.text()
    if (reply.statusCode >= 300) throw new Error(`${path} answered ${reply.statusCode}: ${text}`)
    // Who calls knows what the path answers.
    return JSON.parse(text) as Reply
  }

  async function register(ids: readonly string[]): Promise<void> {
    const requests = ids.map((tenantId) => ({
      tenantId,
      requestId: `idle-${tenantId}`,
      token: 'idle',
      email: `${tenantId}@example.org`,
    }))
    let refused: object | undefined
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { results } = await post<{ results: { problem?: object }[] }>('/v1/registrations/batch', {
        requests,
      })
      refused = results.find(({ problem }) => problem !== undefined)
      if (refused === undefined) return
    }
    throw new Error(`A registration failed: ${JSON.stringify(refused)}`)
  }

  return {
    async create(count) {
      const ids = Array.from({ length: count }, (_, at) => tenantName(at))
      for (let at = 0; at < count; at += AT_ONCE) {
        const some = ids.slice(at, at + AT_ONCE)
        const actor = `admin-${Math.floor(at / OF_ONE_ADMIN)}`
        await Promise.all(some.map((id) => post('/v1/tenants', { id, name: id }, actor)))
      }
      for (let at = 0; at < count; at += BATCH) await register(ids.slice(at, at + BATCH))
    },

    async follow(tenantId) {
      const query = new URLSearchParams({ audit: 'false', ...(tenantId === undefined ? {} : { tenantId }) })
      const { body, statusCode } = await pool.request({
        method: 'GET',
        path: `/v1/events?${query}`,
        headers: { ...headers, accept: 'text/event-stream' },
        signal: gone.signal,
      })
      if (statusCode !== 200) throw new Error(`Live events: ${await body.text()}`)
      body.on('error', () => {})
      body.resume()
    },

    async close() {
      gone.abort()
      await pool.destroy()
    },
  }
}

export function tenantName(at: number): string {
  return `idle-${at}`
}
