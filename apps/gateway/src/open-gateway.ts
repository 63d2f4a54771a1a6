import { fileURLToPath } from 'node:url'
import { startDraining } from '@emailauth/service/http/draining'
import { openClientTls } from '@emailauth/service/http/listener'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import type { Logger } from '@emailauth/service/logging/logger'
import { buildGateway } from './app.ts'
import type { GatewayConfig } from './config.ts'
import type { LocalServices } from './gateway-options.ts'

export interface OpenGatewayOptions {
  readonly config: GatewayConfig
  readonly logger: Logger
  /** Default: the two services are called by HTTP at the URLs of the configuration. */
  readonly local?: LocalServices | undefined
}

/** Builds the gateway. It does not listen. */
export async function openGateway({ config, logger, local }: OpenGatewayOptions): Promise<OpenService> {
  const app = await buildGateway({
    persistenceUrl: config.EMAILAUTH_PERSISTENCE_URL,
    mailerUrl: config.EMAILAUTH_MAILER_URL,
    serviceToken: config.EMAILAUTH_SERVICE_TOKEN,
    alsoAcceptedTokens: config.EMAILAUTH_ACCEPTED_SERVICE_TOKENS,
    adminFolder: config.EMAILAUTH_ADMIN_DIR,
    logger,
    local,
    production: config.NODE_ENV === 'production',
    tls: await openClientTls(config, logger),
    metricsPublic: config.EMAILAUTH_METRICS_PUBLIC,
    metricsToken: config.EMAILAUTH_METRICS_TOKEN,
    adminEmails: config.EMAILAUTH_ADMIN_EMAILS,
    readOnlyAdminEmails: config.EMAILAUTH_READ_ONLY_ADMIN_EMAILS,
    mailSignIn: config.EMAILAUTH_ADMIN_MAIL_SIGN_IN,
    publicUrl: config.EMAILAUTH_PUBLIC_URL,
    corsOrigins: config.EMAILAUTH_CORS_ORIGINS,
    graphiqlFolder: fileURLToPath(new URL('../../graphiql/dist', import.meta.url)),
    trustedProxies: config.EMAILAUTH_TRUSTED_PROXIES,
    maxConnections: config.EMAILAUTH_MAX_CONNECTIONS,
  })
  return {
    app,
    logger,
    drainSeconds: config.EMAILAUTH_DRAIN_SECONDS,
    drain: () => startDraining(app),
    close: () => app.close(),
  }
}
