import type { World } from '../../context.ts'
import { CliError, EXIT } from '../../exit-codes.ts'
import { readPlan, type UpPlan } from '../home/plan.ts'
import { readServiceToken } from '../home/secrets-file.ts'
import type { PersistenceAccess } from './create-key.ts'
import { createServiceFetch } from './service-fetch.ts'

/** Persistence, as the environment of the services names it. */
export interface LocalPersistence extends PersistenceAccess {
  /** All URLs of it, the one that is called first. */
  readonly urls: readonly string[]
}

/**
 * How the persistence service of this environment is called, with the service token of the environment or of
 * the data folder.
 * @throws {CliError} when there is no token.
 */
export async function localPersistence({
  env,
  root,
}: Pick<World, 'env' | 'root'>): Promise<LocalPersistence> {
  const access = await persistenceOf(readPlan(env, root), env)
  if (access === undefined) {
    throw new CliError(EXIT.notAuthenticated, 'There is no EMAILAUTH_SERVICE_TOKEN here.', {
      hint: 'Run this on the host of persistence, in its environment.',
    })
  }
  return access
}

/** At `EMAILAUTH_PERSISTENCE_URL`, else on this host. Undefined without a service token. */
export async function persistenceOf(plan: UpPlan, env: World['env']): Promise<LocalPersistence | undefined> {
  const serviceToken = await readServiceToken(plan)
  if (serviceToken === undefined) return undefined
  const scheme = plan.tls === undefined ? 'http' : 'https'
  const given = (env.EMAILAUTH_PERSISTENCE_URL ?? '').split(',').map((url) => url.trim().replace(/\/+$/, ''))
  const host = reachedBy(env.EMAILAUTH_PERSISTENCE_HOST)
  const persistenceUrl = given[0] || `${scheme}://${host}:${plan.ports.persistence.port}`
  return {
    persistenceUrl,
    urls: [...new Set([persistenceUrl, ...given.filter((url) => url !== '')])],
    serviceToken,
    fetch: await createServiceFetch(plan.tls),
  }
}

/** A name or address under which this machine reaches a listener. */
function reachedBy(host: string | undefined): string {
  const bare = (host ?? '').replace(/^\[(.*)\]$/, '$1')
  if (bare === '' || bare === '0.0.0.0' || bare === '::') return '127.0.0.1'
  return bare.includes(':') ? `[${bare}]` : bare
}
