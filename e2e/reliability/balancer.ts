import { eventually } from '@emailauth/testing/eventually'
import { Pool } from 'undici'
import { type Watched, watchReadiness } from './watch-readiness.ts'

interface Target extends Watched {
  readonly pool: Pool
}

/** A GraphQL call, by its document and its input; the value of its field `answer`. */
export type Call = (query: string, input: object) => Promise<Record<string, unknown>>

interface Caller {
  readonly call: Call
  stop(): Promise<unknown>
}

/** Calls by one URL and tries nothing again: every failure counts. */
export function createProxyCaller(url: string, key: string): Caller {
  const pool = new Pool(url, { connections: 16 })
  return { call: (query, input) => post(pool, key, query, input), stop: () => pool.close() }
}

async function post(pool: Pool, key: string, query: string, input: object): Promise<Record<string, unknown>> {
  const { body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const text = await body.text()
  if (!text.startsWith('{')) throw new Error(text)
  const { data, errors } = JSON.parse(text) as { data?: { answer: object }; errors?: object[] }
  if (data?.answer === undefined) throw new Error(JSON.stringify(errors))
  return { ...data.answer }
}

/**
 * Calls the gateways in turn, as balancers do: it asks each for `/readyz` and leaves out who is not ready.
 * One that refuses the connection got nothing, so the next one is asked. No other failure is tried again.
 */
export function createBalancer(urls: readonly string[], key: string): Caller {
  const targets: Target[] = urls.map((url) => ({
    url,
    pool: new Pool(url, { connections: 16 }),
    isReady: true,
  }))
  const unwatch = watchReadiness(targets, 50)
  const stop = async () => {
    unwatch()
    await Promise.all(targets.map(({ pool }) => pool.close()))
  }
  let turn = 0
  const next = () =>
    eventually(() => {
      const ready = targets.filter(({ isReady }) => isReady)
      const target = ready[turn++ % ready.length]
      if (target === undefined) throw new Error('no gateway is ready')
      return target
    }, 20_000)
  const call: Call = async (query, input) => {
    for (;;) {
      const target = await next()
      try {
        return await post(target.pool, key, query, input)
      } catch (error) {
        const wasRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        if (!wasRefused) throw error
        target.isReady = false
      }
    }
  }
  return { call, stop }
}
