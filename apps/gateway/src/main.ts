import { fileURLToPath } from 'node:url'
import { startDraining } from '@emailauth/service/draining'
import { openClientTls } from '@emailauth/service/listener'
import { createLogger } from '@emailauth/service/logger'
import { run } from '@emailauth/service/run'
import { startTracing } from '@emailauth/service/tracing'
import { buildGateway } from './app.ts'
import { readConfig } from './config.ts'

await run(async () => {
  const config = readConfig()
  const logger = createLogger('gateway', config.EMAILAUTH_LOG_LEVEL)
  await startTracing('gateway')
  const app = await buildGateway({
    persistenceUrl: config.EMAILAUTH_PERSISTENCE_URL,
    mailerUrl: config.EMAILAUTH_MAILER_URL,
    serviceToken: config.EMAILAUTH_SERVICE_TOKEN,
    adminFolder: config.EMAILAUTH_ADMIN_DIR,
    logger,
    production: config.NODE_ENV === 'production',
    tls: await openClientTls(config, logger),
    metricsPublic: config.EMAILAUTH_METRICS_PUBLIC,
    adminEmails: config.EMAILAUTH_ADMIN_EMAILS,
    readOnlyAdminEmails: config.EMAILAUTH_READ_ONLY_ADMIN_EMAILS,
    mailSignIn: config.EMAILAUTH_ADMIN_MAIL_SIGN_IN,
    publicUrl: config.EMAILAUTH_PUBLIC_URL,
    corsOrigins: config.EMAILAUTH_CORS_ORIGINS,
    graphiqlFolder: fileURLToPath(new URL('../../graphiql/dist', import.meta.url)),
    trustedProxies: config.EMAILAUTH_TRUSTED_PROXIES,
    maxConnections: config.EMAILAUTH_MAX_CONNECTIONS,
  })
  const url = await app.listen({ host: config.EMAILAUTH_HOST, port: config.EMAILAUTH_GATEWAY_PORT })
  logger.info({ url }, 'the gateway listens')
  return {
    logger,
    drainSeconds: config.EMAILAUTH_DRAIN_SECONDS,
    drain: () => startDraining(app),
    close: () => app.close(),
  }
})
