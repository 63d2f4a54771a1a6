import {
  type GatewayConfig,
  configWarnings as ofGateway,
  readConfig as readGateway,
} from '@emailauth/gateway/config'
import {
  type MailerConfig,
  configWarnings as ofMailer,
  readConfig as readMailer,
} from '@emailauth/mailer/config'
import {
  configWarnings as ofPersistence,
  type PersistenceConfig,
  readConfig as readPersistence,
} from '@emailauth/persistence/config'
import {
  ConfigError,
  type Environment,
  flagVariable,
  readEnvironment,
  sharedEnvironment,
} from '@emailauth/service/config/config'
import { withEnvFile } from '@emailauth/service/config/env-file'
import type { ConfigWarning } from '@emailauth/service/config/warnings'

/**
 * The variables of the one process, beside those of the three services.
 * @public read by scripts/env-example.mjs
 */
export const serveEnvironment = {
  EMAILAUTH_DRAIN_SECONDS: sharedEnvironment.EMAILAUTH_DRAIN_SECONDS,
  EMAILAUTH_LOG_LEVEL: sharedEnvironment.EMAILAUTH_LOG_LEVEL,
  EMAILAUTH_PROCESSES: sharedEnvironment.EMAILAUTH_PROCESSES,
  EMAILAUTH_SERVE_REST: flagVariable(
    'true: one process of all three also listens on the ports of persistence and mailer, as the first admin key needs',
  ),
} as const

/** Each service reads its own variables, as it does when it runs alone. */
export interface ServeConfig extends Environment<typeof serveEnvironment> {
  readonly gateway: GatewayConfig
  readonly persistence: PersistenceConfig
  readonly mailer: MailerConfig
}

/** @throws {ConfigError} that names the faults of all services at once. */
export function readConfig(): ServeConfig {
  const env = withEnvFile(process.env, process.cwd())
  const faults = new Set<string>()
  const read = <Config>(readOne: () => Config): Config | undefined => {
    try {
      return readOne()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const fault of error.message.split('\n')) faults.add(fault)
      return undefined
    }
  }
  const gateway = read(readGateway)
  const persistence = read(readPersistence)
  const mailer = read(() => readMailer(env))
  const own = read(() => readEnvironment(serveEnvironment, env))
  if (gateway && persistence && mailer && own) return { ...own, gateway, persistence, mailer }
  throw new ConfigError([...faults].join('\n'))
}

/** Of all three services, each once. */
export function configWarnings(): readonly ConfigWarning[] {
  const env = withEnvFile(process.env, process.cwd())
  const found = [...ofGateway(env), ...ofPersistence(env), ...ofMailer(env)]
  return found.filter(
    ({ variable, warning }, at) =>
      found.findIndex((other) => other.variable === variable && other.warning === warning) === at,
  )
}
