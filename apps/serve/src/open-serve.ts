import { openGateway } from '@emailauth/gateway/open-gateway'
import { openMailer } from '@emailauth/mailer/open-mailer'
import { openPersistence } from '@emailauth/persistence/open-persistence'
import { createMemoryTransport } from '@emailauth/rpc/client/memory/transport'
import type { OpenTransport } from '@emailauth/rpc/client/transport'
import {
  type ListenerOptions,
  type ListenerVariables,
  openListener,
  warnOfOpenListener,
} from '@emailauth/service/http/listener'
import { registryOf } from '@emailauth/service/http/metrics'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import { createLogger } from '@emailauth/service/logging/logger'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import type { ServeConfig } from './config.ts'
import { GATEWAY_CLOSING_MS } from './gateway-closing.ts'

/**
 * Opens the three services in this process. The gateway calls the other two in memory; each has its own
 * connections to Redis, log, metrics and background tasks, as when it runs alone. The gateway does not
 * listen yet.
 */
export async function openServe(config: ServeConfig): Promise<OpenService> {
  const [ofPersistence, ofMailer] = [config.persistence, config.mailer]
  const [persistenceParts, mailerParts] = await Promise.all([
    logAndListener('persistence', ofPersistence),
    logAndListener('mailer', ofMailer),
  ])
  const [persistence, mailer] = await Promise.all([
    openPersistence({ config: ofPersistence, ...persistenceParts }),
    openMailer({ config: ofMailer, ...mailerParts }),
  ])
  if (config.EMAILAUTH_SERVE_REST) {
    const { EMAILAUTH_PERSISTENCE_HOST, EMAILAUTH_PERSISTENCE_PORT } = ofPersistence
    const { EMAILAUTH_MAILER_HOST, EMAILAUTH_MAILER_PORT } = ofMailer
    await Promise.all([
      listen(persistence, persistenceParts.listener, EMAILAUTH_PERSISTENCE_HOST, EMAILAUTH_PERSISTENCE_PORT),
      listen(mailer, mailerParts.listener, EMAILAUTH_MAILER_HOST, EMAILAUTH_MAILER_PORT),
    ])
  } else {
    await Promise.all([persistence.app.ready(), mailer.app.ready()])
  }

  const { EMAILAUTH_SERVICE_TOKEN: serviceToken, EMAILAUTH_LOG_LEVEL: level } = config.gateway
  const transportTo =
    (name: string, { app }: OpenService): OpenTransport =>
    (maxOpen) =>
      createMemoryTransport({ name, app, serviceToken, maxOpen })
  const gateway = await openGateway({
    config: config.gateway,
    logger: createLogger('gateway', level),
    local: {
      persistence: transportTo('persistence', persistence),
      mailer: transportTo('mailer', mailer),
      registries: [registryOf(persistence.app), registryOf(mailer.app)],
    },
  })
  return {
    // Only the gateway drains, because the other two work on for it.
    ...gateway,
    async close() {
      const gatewayClosed = gateway.close()
      await waitAtMost(GATEWAY_CLOSING_MS, gatewayClosed)
      await Promise.all([gatewayClosed, mailer.close()])
      await persistence.close()
    },
  }
}

async function logAndListener(
  name: string,
  config: ListenerVariables & { readonly EMAILAUTH_LOG_LEVEL: string },
) {
  const logger = createLogger(name, config.EMAILAUTH_LOG_LEVEL)
  return { logger, listener: await openListener(config, logger) }
}

async function listen(
  { app, logger }: OpenService,
  listener: ListenerOptions,
  host: string,
  port: number,
): Promise<void> {
  warnOfOpenListener(host, listener, logger)
  logger.info({ url: await app.listen({ host, port }) }, 'listening')
}
