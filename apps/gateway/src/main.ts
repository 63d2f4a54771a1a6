import { defineService } from '@emailauth/service/lifecycle/run-service'
import { configWarnings, readConfig } from './config.ts'
import { openGateway } from './open-gateway.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = defineService({
  name: 'gateway',
  read: readConfig,
  warnings: configWarnings,
  async start(config, logger) {
    const service = await openGateway({ config, logger })
    const url = await service.app.listen({
      host: config.EMAILAUTH_HOST,
      port: config.EMAILAUTH_GATEWAY_PORT,
    })
    logger.info({ url }, 'the gateway listens')
    return service
  },
})
