import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { type Person, TOKEN } from '../load/people.ts'

/** The bench's own calls to persistence: a tenant, a key, and identities with known numbers. */
export interface PersistenceApi {
  /**
   * Makes a tenant with every limit at its default, and a key for it. Default: the tenant that is measured,
   * whose people are registered.
   */
  createTenant(id?: string): Promise<string>
  /** Registers people without mailing them; answers their numbers. */
  register(people: readonly Person[]): Promise<string[]>
  close(): Promise<void>
}

interface Registered {
  readonly registration?: { readonly number: string }
  readonly problem?: { readonly code: string }
}

export const TENANT = 'bench'
/** The longest there is, so that nothing expires in a run. */
const TTL_SECONDS = 86_400
const BATCH = 128
const BATCHES_AT_ONCE = 2
/**
 * Persistence may time out on a busy machine, or while Redis makes room for millions of keys. The bench then
 * waits a second and repeats the call.
 */
const MOST_TRIES = 30
const RETRY_MS = 1000

export function createPersistenceApi(url: string, serviceToken: string): PersistenceApi {
  const pool = new Pool(url, { connections: BATCHES_AT_ONCE })
  let calls = 0

  async function post<Body>(path: string, body: object): Promise<Body> {
    const reply = await pool.request({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await reply.body.text()
    if (reply.statusCode >= 300)
      throw new Error(`Persistence answered ${reply.statusCode} to ${path}: ${text}`)
    // Who calls knows what the path answers.
    return JSON.parse(text) as Body
  }

  async function registerBatch(people: readonly Person[]): Promise<string[]> {
    const requests = people.map((person) => ({
      tenantId: TENANT,
      requestId: `bench-${calls++}`,
      token: TOKEN,
      ...person,
    }))
    const numbers = new Map<string, string>()
    let results: Registered[] = []
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const missing = requests.filter(({ requestId }) => !numbers.has(requestId))
      results = (await post<{ results: Registered[] }>('/v1/registrations/batch', { requests: missing }))
        .results
      for (const [i, { registration }] of results.entries()) {
        const { requestId = '' } = missing[i] ?? {}
        if (registration !== undefined) numbers.set(requestId, registration.number)
      }
      if (numbers.size === requests.length)
        return requests.map(({ requestId }) => numbers.get(requestId) ?? '')
      await wait(RETRY_MS)
    }
    throw new Error(
      `Registrations failed: ${JSON.stringify(results.find(({ problem }) => problem !== undefined))}`,
    )
  }

  return {
    async createTenant(id = TENANT) {
      const settings = { ttlSeconds: TTL_SECONDS, registersPerTenant: { max: 1_000_000, windowSeconds: 1 } }
      await post('/v1/tenants', { id, name: 'Bench', settings })
      const { key } = await post<{ key: string }>('/v1/api-keys', {
        scope: 'tenant',
        tenantId: id,
        name: 'bench',
      })
      return key
    },
    async register(people) {
      const numbers: string[] = []
      for (let at = 0; at < people.length; at += BATCH * BATCHES_AT_ONCE) {
        const batches = Array.from({ length: BATCHES_AT_ONCE }, (_, i) =>
          people.slice(at + i * BATCH, at + (i + 1) * BATCH),
        ).filter((batch) => batch.length > 0)
        numbers.push(...(await Promise.all(batches.map(registerBatch))).flat())
      }
      return numbers
    },
    close: () => pool.close(),
  }
}
