import type { ServiceStatus } from '@emailauth/contracts/service-status'
import manifest from '../../../../package.json' with { type: 'json' }

const STARTED_AT = new Date(Date.now() - process.uptime() * 1000).toISOString()

/** The version of emailauth that runs, and since when this process does. */
export function runtimeStatus(): ServiceStatus {
  return { version: manifest.version, startedAt: STARTED_AT }
}
