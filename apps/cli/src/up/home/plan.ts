import { join, resolve } from 'node:path'
import { isLoopback } from '@emailauth/contracts/loopback'
import { HOME_FOLDER } from '../../connection/credentials.ts'
import { CliError, EXIT } from '../../exit-codes.ts'

/** A port, and the variable that changes it. */
export interface PlannedPort {
  readonly port: number
  readonly variable: string
}

/** Paths of PEM files with which the services meet. */
export interface TlsPlan {
  readonly cert: string
  readonly key: string
  readonly ca: string | undefined
}

/** All that `up` reads from the environment. */
export interface UpPlan {
  /** The data folder. */
  readonly home: string
  /** Where the gateway listens. The other services stay on loopback. */
  readonly host: string
  readonly ports: Readonly<Record<'gateway' | 'persistence' | 'mailer' | 'inbox' | 'smtp', PlannedPort>>
  readonly redisUrl: string | undefined
  /** undefined: the built-in inbox. */
  readonly smtpUrl: string | undefined
  readonly secretKeys: string | undefined
  readonly serviceToken: string | undefined
  readonly production: boolean
  /** undefined: the services speak plain HTTP on loopback. */
  readonly tls: TlsPlan | undefined
  /** The gateway's `EMAILAUTH_METRICS_PUBLIC`. */
  readonly metricsPublic: string
}

const PORTS = { gateway: 4000, persistence: 4001, mailer: 4002, inbox: 8025, smtp: 1025 } as const

/** @throws {CliError} that names every port that is none, or that is meant twice. */
export function readPlan(env: Readonly<Record<string, string | undefined>>, root: string): UpPlan {
  const given = (name: string) => env[name] || undefined
  const faults: string[] = []
  const taken = new Map<number, string>()
  const tlsPlan = (): TlsPlan | undefined => {
    const [cert, key, ca] = ['CERT', 'KEY', 'CA'].map((name) => given(`EMAILAUTH_TLS_${name}`))
    if (cert !== undefined && key !== undefined) return { cert, key, ca }
    if (cert ?? key ?? ca) faults.push('EMAILAUTH_TLS_CERT and EMAILAUTH_TLS_KEY are needed, both.')
    return undefined
  }
  const port = (name: keyof typeof PORTS): PlannedPort => {
    const variable = `EMAILAUTH_${name.toUpperCase()}_PORT`
    const text = given(variable) ?? String(PORTS[name])
    const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= 1 && value <= 65_535)) faults.push(`${variable} must be a port from 1 to 65535.`)
    else if (taken.has(value))
      faults.push(`${variable} and ${taken.get(value)} name the same port, ${value}.`)
    else taken.set(value, variable)
    return { port: value, variable }
  }
  const production = env.NODE_ENV === 'production'
  const host = (given('EMAILAUTH_HOST') ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  // Developers read the metrics in the browser. Anywhere else strangers must not.
  const isAtHome = !production && isLoopback(host)
  const plan: UpPlan = {
    home: resolve(given('EMAILAUTH_HOME') ?? join(root, HOME_FOLDER)),
    host,
    ports: {
      gateway: port('gateway'),
      persistence: port('persistence'),
      mailer: port('mailer'),
      inbox: port('inbox'),
      smtp: port('smtp'),
    },
    redisUrl: given('EMAILAUTH_REDIS_URL'),
    smtpUrl: given('EMAILAUTH_SMTP_URL'),
    secretKeys: given('EMAILAUTH_SECRET_KEYS'),
    serviceToken: given('EMAILAUTH_SERVICE_TOKEN'),
    production,
    tls: tlsPlan(),
    metricsPublic: given('EMAILAUTH_METRICS_PUBLIC') ?? String(isAtHome),
  }
  if (faults.length > 0) throw new CliError(EXIT.failed, faults.join('\n'))
  return plan
}

/**
 * Production has no default relay or sender, and no inbox of development.
 * @throws {CliError} that names what is missing.
 */
export function requireMailInProduction(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NODE_ENV !== 'production') return
  const missing = ['EMAILAUTH_SMTP_URL', 'EMAILAUTH_MAIL_FROM'].filter((name) => !env[name])
  if (missing.length === 0) return
  throw new CliError(
    EXIT.failed,
    missing.map((name) => `${name}: must be set when NODE_ENV is production.`).join('\n'),
    { hint: 'Without NODE_ENV=production mails go to the built-in inbox.' },
  )
}

/** The gateway's base as this machine reaches it. */
export function gatewayUrl({ host, ports }: Pick<UpPlan, 'host' | 'ports'>): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${ports.gateway.port}`
}
