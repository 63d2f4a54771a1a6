import { createLogger } from '@emailauth/service/logging/logger'
import { sharedEnv } from '@emailauth/testing/services'
import { persistenceEnvironment } from '../src/config.ts'
import { openPersistence } from '../src/open-persistence.ts'

/** The service with its own connections and background tasks, as `main.ts` opens it. It does not listen. */
export function openAsMain(redisUrl: string, env: Readonly<Record<string, string>> = {}) {
  const given: Record<string, string> = { ...sharedEnv(redisUrl), ...env }
  const config = Object.fromEntries(
    Object.entries(persistenceEnvironment).map(([name, shape]) => [name, shape.parse(given[name])]),
  )
  return openPersistence({
    config: config as never,
    logger: createLogger('persistence', 'silent'),
    listener: { tls: undefined, metricsPublic: false },
  })
}
