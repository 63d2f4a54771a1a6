import { diagnostics, type Finding as StoreFinding } from '@emailauth/contracts/diagnostics'
import { keyRingReply, type RingKey } from '@emailauth/contracts/key-ring'
import type { World } from '../context.ts'
import type { UpPlan } from '../up/home/plan.ts'
import { type LocalPersistence, persistenceOf } from '../up/services/local-persistence.ts'
import { checkOneStore } from './check-one-store.ts'
import { type Finding, ok, warn } from './finding.ts'

const TIMEOUT_MS = 5000
/** What the doctor says of a Redis that it has asked itself. */
const OF_REDIS_ITSELF: ReadonlySet<string> = new Set([
  'redis-eviction',
  'redis-not-persistent',
  'redis-refuses-writes',
] satisfies StoreFinding['code'][])

/**
 * Persistence's report on its keys and its data. Nothing without a service token on this machine: then the
 * services run elsewhere.
 */
export async function checkStore(
  plan: UpPlan,
  env: World['env'],
  { isRedisChecked }: { readonly isRedisChecked: boolean },
): Promise<Finding[]> {
  let access: LocalPersistence | undefined
  try {
    access = await persistenceOf(plan, env)
    if (access === undefined) return []
    const { persistenceUrl, serviceToken, fetch } = access
    const get = async (path: string) => {
      const headers = { authorization: `Bearer ${serviceToken}` }
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const response = await fetch(`${persistenceUrl}${path}`, { headers, signal })
      if (!response.ok) throw new Error(`it answered with status ${response.status}`)
      return response.json()
    }
    const [{ keys }, { findings }, stores] = await Promise.all([
      get('/v1/key-ring').then((reply) => keyRingReply.parse(reply)),
      get('/v1/diagnostics').then((reply) => diagnostics.parse(reply)),
      checkOneStore(access),
    ])
    const others = findings.filter(({ code }) => !(isRedisChecked && OF_REDIS_ITSELF.has(code)))
    return [
      ok('Secret keys', keys.map(describe).join('; ')),
      ...stores,
      ...others.map(({ level, detail, fix }) => ({ name: 'Store', state: level, detail, fix })),
    ]
  } catch (error) {
    const at = access === undefined ? '' : ` at ${access.persistenceUrl}`
    return [
      warn(
        'Secret keys',
        `persistence does not answer${at}: ${error instanceof Error ? error.message : String(error)}`,
        'Run doctor in the environment of the services: EMAILAUTH_PERSISTENCE_PORT, EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_TLS_…; all three in one process answer with EMAILAUTH_SERVE_REST=true.',
      ),
    ]
  }
}

function describe({ id, cipher, newest, neededUntil }: RingKey): string {
  if (newest || neededUntil === null) return `${id} is the newest (${cipher})`
  return Date.parse(neededUntil) > Date.now()
    ? `${id} is needed until ${neededUntil}`
    : `${id} is not needed any more: take it out of EMAILAUTH_SECRET_KEYS`
}
