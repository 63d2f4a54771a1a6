import { diagnostics, type Finding as StoreFinding } from '@emailauth/contracts/diagnostics'
import { keyRingReply, type RingKey } from '@emailauth/contracts/key-ring'
import type { UpPlan } from '../up/plan.ts'
import { readServiceToken } from '../up/secrets-file.ts'
import { createServiceFetch } from '../up/service-fetch.ts'
import { type Finding, ok, warn } from './finding.ts'

const TIMEOUT_MS = 5000
/** What the check of Redis itself says already. */
const LOOKED_AT: ReadonlySet<StoreFinding['code']> = new Set(['redis-eviction', 'redis-not-persistent'])

/**
 * Persistence's report on its keys and its data. Nothing without a service token on this machine: then the
 * services run elsewhere.
 */
export async function checkStore(plan: UpPlan): Promise<Finding[]> {
  const url = `${plan.tls === undefined ? 'http' : 'https'}://127.0.0.1:${plan.ports.persistence.port}`
  try {
    const serviceToken = await readServiceToken(plan)
    if (serviceToken === undefined) return []
    const fetch = await createServiceFetch(plan.tls)
    const get = async (path: string) => {
      const headers = { authorization: `Bearer ${serviceToken}` }
      const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (!response.ok) throw new Error(`it answered with status ${response.status}`)
      return response.json()
    }
    const [{ keys }, { findings }] = await Promise.all([
      get('/v1/key-ring').then((reply) => keyRingReply.parse(reply)),
      get('/v1/diagnostics').then((reply) => diagnostics.parse(reply)),
    ])
    const others = findings.filter(({ code }) => !LOOKED_AT.has(code))
    return [
      ok('Secret keys', keys.map(describe).join('; ')),
      ...others.map(({ level, detail, fix }) => ({ name: 'Store', state: level, detail, fix })),
    ]
  } catch (error) {
    return [
      warn(
        'Secret keys',
        `persistence does not answer at ${url}: ${error instanceof Error ? error.message : String(error)}`,
        'Run doctor in the environment of the services: EMAILAUTH_PERSISTENCE_PORT, EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_TLS_…; all three in one process answer with EMAILAUTH_SERVE_REST=true.',
      ),
    ]
  }
}

function describe({ id, newest, neededUntil }: RingKey): string {
  if (newest || neededUntil === null) return `${id} is the newest`
  return Date.parse(neededUntil) > Date.now()
    ? `${id} is needed until ${neededUntil}`
    : `${id} is not needed any more: take it out of EMAILAUTH_SECRET_KEYS`
}
