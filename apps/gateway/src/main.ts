import { createLogger } from '@emailauth/service/logger'
import { run } from '@emailauth/service/run'
import { startTracing } from '@emailauth/service/tracing'
import { readConfig } from './config.ts'
import { openGateway } from './open-gateway.ts'

await run(async () => {
  const config = readConfig()
  const logger = createLogger('gateway', config.EMAILAUTH_LOG_LEVEL)
  await startTracing('gateway')
  const service = await openGateway({ config, logger })
  const url = await service.app.listen({ host: config.EMAILAUTH_HOST, port: config.EMAILAUTH_GATEWAY_PORT })
  logger.info({ url }, 'the gateway listens')
  return service
})
