import { defineService } from '@emailauth/service/lifecycle/run-service'
import { configWarnings, readConfig } from './config.ts'
import { openServe } from './open-serve.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = defineService({
  name: 'serve',
  read: readConfig,
  warnings: configWarnings,
  async start(config) {
    const service = await openServe(config)
    const { EMAILAUTH_HOST: host, EMAILAUTH_GATEWAY_PORT: port } = config.gateway
    const url = await service.app.listen({ host, port })
    service.logger.info({ url }, 'gateway, persistence and mailer run in this process')
    return service
  },
})
