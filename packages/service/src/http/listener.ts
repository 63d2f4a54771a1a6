import { Server, type ServerOptions } from 'node:https'
import { isLoopback } from '@emailauth/contracts/loopback'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../config/config.ts'
import type { Logger } from '../logging/logger.ts'
import { openTls, type TlsSource } from '../network/tls.ts'

/** The variables of every service that listens. Their shapes are in `config.ts`. */
export interface ListenerVariables {
  readonly EMAILAUTH_TLS_CERT?: string | undefined
  readonly EMAILAUTH_TLS_KEY?: string | undefined
  readonly EMAILAUTH_TLS_CA?: string | undefined
  readonly EMAILAUTH_METRICS_PUBLIC: boolean
  readonly EMAILAUTH_METRICS_TOKEN?: string | undefined
  readonly EMAILAUTH_ACCEPTED_SERVICE_TOKENS: readonly string[]
}

/** How a service listens. */
export interface ListenerOptions {
  /** undefined: plain HTTP. With a certificate authority, callers need a certificate of it. */
  readonly tls: TlsSource | undefined
  /** true: `/metrics` needs no token. */
  readonly metricsPublic: boolean
  /** Opens `/metrics`, as the service token does, and nothing else. Default: none. */
  readonly metricsToken?: string | undefined
  /** Service tokens that are accepted besides the own one, while it is replaced. Default: none. */
  readonly alsoAcceptedTokens?: readonly string[]
}

/**
 * The listener of a service.
 * @throws {ConfigError} when a variable is missing, or a file is invalid.
 */
export async function openListener(variables: ListenerVariables, logger: Logger): Promise<ListenerOptions> {
  const { EMAILAUTH_TLS_CERT: cert, EMAILAUTH_TLS_KEY: key, EMAILAUTH_TLS_CA: ca } = variables
  const isWhole = (cert === undefined) === (key === undefined) && (ca === undefined || cert !== undefined)
  if (!isWhole) throw new ConfigError(INCOMPLETE)
  return {
    tls: cert === undefined ? undefined : await openTls({ cert, key, ca }, { logger }),
    metricsPublic: variables.EMAILAUTH_METRICS_PUBLIC,
    metricsToken: variables.EMAILAUTH_METRICS_TOKEN,
    alsoAcceptedTokens: variables.EMAILAUTH_ACCEPTED_SERVICE_TOKENS,
  }
}

/**
 * Beyond loopback without TLS, anybody on the network can read the service token, which gives full access.
 */
export function warnOfOpenListener(
  host: string,
  { tls }: ListenerOptions,
  logger: Pick<Logger, 'warn'>,
): void {
  if (isLoopback(host) || tls !== undefined) return
  logger.warn(
    { host },
    'this service listens beyond loopback without TLS: numbers, tokens and the service token pass readable on the network; set EMAILAUTH_TLS_CERT, _KEY and _CA',
  )
}

const INCOMPLETE =
  'EMAILAUTH_TLS_CERT and EMAILAUTH_TLS_KEY go together, and EMAILAUTH_TLS_CA needs both of them.'

/** The gateway's client certificate, and the authority that it trusts. undefined: it has none. */
export async function openClientTls(
  variables: ListenerVariables,
  logger: Logger,
): Promise<TlsSource | undefined> {
  const { EMAILAUTH_TLS_CERT: cert, EMAILAUTH_TLS_KEY: key, EMAILAUTH_TLS_CA: ca } = variables
  if ((cert === undefined) !== (key === undefined)) throw new ConfigError(INCOMPLETE)
  return cert === undefined && ca === undefined ? undefined : openTls({ cert, key, ca }, { logger })
}

/** Both ends are ours, so no older version is needed. */
export const TLS_VERSION = { minVersion: 'TLSv1.3' } as const

/** Options of the HTTPS server behind the listener. */
export function serverTls({ current }: TlsSource): ServerOptions {
  const isMutual = current.ca !== undefined
  return { ...current, ...TLS_VERSION, requestCert: isMutual, rejectUnauthorized: isMutual }
}

/** Lets new certificates take effect on new connections, until the app is closed. */
export function renewCertificates(app: FastifyInstance, tls: TlsSource): void {
  const { server } = app
  if (!(server instanceof Server)) throw new Error('Only an HTTPS server has certificates.')
  tls.onChange((material) => server.setSecureContext({ ...material, ...TLS_VERSION }))
  app.addHook('onClose', async () => tls.close())
}
