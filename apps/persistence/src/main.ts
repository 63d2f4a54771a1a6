import { openListener, warnOfOpenListener } from '@emailauth/service/http/listener'
import { defineService } from '@emailauth/service/lifecycle/run-service'
import { configWarnings, readConfig } from './config.ts'
import { openPersistence } from './open-persistence.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = defineService({
  name: 'persistence',
  read: readConfig,
  warnings: configWarnings,
  async start(config, logger) {
    const listener = await openListener(config, logger)
    warnOfOpenListener(config.EMAILAUTH_PERSISTENCE_HOST, listener, logger)
    const service = await openPersistence({ config, logger, listener })
    const url = await service.app.listen({
      host: config.EMAILAUTH_PERSISTENCE_HOST,
      port: config.EMAILAUTH_PERSISTENCE_PORT,
    })
    logger.info({ url }, 'listening')
    return service
  },
})
