import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { parseKeyRing } from '@emailauth/secrets/key-ring'
import { writeMailerKeys } from '@emailauth/secrets/mailer-ring'
import { NO_ENV_FILE } from '@emailauth/service/config/env-file'
import { CliError, EXIT } from '../../exit-codes.ts'
import type { UpPlan } from '../home/plan.ts'
import type { ServiceSecrets } from '../home/secrets-file.ts'

/** A service of ours that `up` runs as a Node process. */
export interface App {
  readonly name: 'persistence' | 'mailer' | 'inbox' | 'gateway' | 'serve'
  readonly file: string
  /** Where this machine reaches it; `/readyz` is below. */
  readonly url: string
  /**
   * Variables that `up` sets. The inbox gets no secret, the gateway no keys and no Redis, the mailer its own
   * keys.
   */
  readonly env: Readonly<Record<string, string>>
}

export interface AppsOptions {
  readonly plan: UpPlan
  readonly root: string
  readonly redisUrl: string
  readonly secrets: ServiceSecrets
  readonly logLevel: string
  /** The gateway's base. */
  readonly gatewayUrl: string
  /** Gateway, persistence and mailer in one process. */
  readonly together: boolean
  /** Processes of each service that share its listener. */
  readonly processes: number
}

/** The files that must be built before `up` can run. */
export function appFiles(root: string): Readonly<Record<App['name'], string>> {
  return {
    persistence: join(root, 'apps/persistence/dist/main.js'),
    mailer: join(root, 'apps/mailer/dist/main.js'),
    inbox: join(root, 'apps/inbox/dist/main.js'),
    gateway: join(root, 'apps/gateway/dist/main.js'),
    serve: join(root, 'apps/serve/dist/main.js'),
  }
}

/** The services as processes of their own, and what runs instead of three of them. */
const SEPARATE: readonly App['name'][] = ['persistence', 'mailer', 'inbox', 'gateway']
const TOGETHER: readonly App['name'][] = ['inbox', 'serve']

/** Whether `up` can start services from here: in a clone. The inbox is in no package and no image. */
export async function hasServices(root: string): Promise<boolean> {
  return access(join(root, 'apps/inbox')).then(
    () => true,
    () => false,
  )
}

/** @throws {CliError} that names what is not built. */
export async function requireBuilt(root: string, together = false): Promise<void> {
  if (!(await hasServices(root))) {
    throw new CliError(EXIT.failed, 'The services are not part of this installation.', {
      hint: 'Run "npm start" in a clone of the repository, or use a gateway that runs elsewhere: emailauth login',
    })
  }
  const files = appFiles(root)
  for (const name of together ? TOGETHER : SEPARATE) {
    const file = files[name]
    await access(file).catch((cause: unknown) => {
      throw new CliError(EXIT.failed, `The ${name} is not built (${file} is missing).`, {
        hint: 'Run "npm start" or "npm run build" in the repository.',
        cause,
      })
    })
  }
}

/** Derived anew at each start, so that they follow the master keys. */
function mailerKeys({ secretKeys }: ServiceSecrets): string {
  try {
    return writeMailerKeys(parseKeyRing(secretKeys))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError(EXIT.failed, `EMAILAUTH_SECRET_KEYS: ${why}`, { cause })
  }
}

/** Where this machine reaches the two services behind the gateway. */
export function serviceUrls({ ports, tls }: Pick<UpPlan, 'ports' | 'tls'>) {
  const scheme = tls === undefined ? 'http' : 'https'
  return {
    persistence: `${scheme}://127.0.0.1:${ports.persistence.port}`,
    mailer: `${scheme}://127.0.0.1:${ports.mailer.port}`,
  }
}

/** The services in the order in which they are started; the last one ends first. */
export function planApps(options: AppsOptions): App[] {
  const { plan, root, redisUrl, secrets, logLevel, gatewayUrl, together, processes } = options
  const { ports } = plan
  const files = appFiles(root)
  const { persistence: persistenceUrl, mailer: mailerUrl } = serviceUrls(plan)
  // The services get their own variables alone, and not those of all parts that an .env file has.
  const log = { EMAILAUTH_LOG_LEVEL: logLevel, EMAILAUTH_ENV_FILE: NO_ENV_FILE }
  const many = { EMAILAUTH_PROCESSES: String(processes) }
  const shared = {
    ...log,
    ...many,
    EMAILAUTH_REDIS_URL: redisUrl,
    EMAILAUTH_SERVICE_TOKEN: secrets.serviceToken,
  }
  const inbox: App = {
    name: 'inbox',
    file: files.inbox,
    url: `http://127.0.0.1:${ports.inbox.port}`,
    env: {
      ...log,
      EMAILAUTH_INBOX_PORT: String(ports.inbox.port),
      EMAILAUTH_SMTP_PORT: String(ports.smtp.port),
    },
  }
  const services: App[] = [
    {
      name: 'persistence',
      file: files.persistence,
      url: persistenceUrl,
      env: {
        ...shared,
        EMAILAUTH_SECRET_KEYS: secrets.secretKeys,
        EMAILAUTH_PERSISTENCE_PORT: String(ports.persistence.port),
      },
    },
    {
      name: 'mailer',
      file: files.mailer,
      url: mailerUrl,
      env: {
        ...shared,
        EMAILAUTH_MAILER_KEYS: mailerKeys(secrets),
        EMAILAUTH_MAILER_PORT: String(ports.mailer.port),
        EMAILAUTH_SMTP_URL: plan.smtpUrl ?? `smtp://127.0.0.1:${ports.smtp.port}`,
      },
    },
    {
      name: 'gateway',
      file: files.gateway,
      url: gatewayUrl,
      env: {
        ...log,
        ...many,
        EMAILAUTH_SERVICE_TOKEN: secrets.serviceToken,
        EMAILAUTH_GATEWAY_PORT: String(ports.gateway.port),
        EMAILAUTH_HOST: plan.host,
        EMAILAUTH_PERSISTENCE_URL: persistenceUrl,
        EMAILAUTH_MAILER_URL: mailerUrl,
        EMAILAUTH_METRICS_PUBLIC: plan.metricsPublic,
      },
    },
  ]
  const before = plan.smtpUrl === undefined ? [inbox] : []
  if (!together) return [...before, ...services]
  const env = Object.assign({}, ...services.map((service) => service.env))
  // `up` creates the first keys at persistence itself.
  return [
    ...before,
    {
      name: 'serve',
      file: files.serve,
      url: gatewayUrl,
      env: { ...env, EMAILAUTH_SERVE_REST: 'true' },
    },
  ]
}
