import { openListener, warnOfOpenListener } from '@emailauth/service/listener'
import { createLogger } from '@emailauth/service/logger'
import { run } from '@emailauth/service/run'
import { startTracing } from '@emailauth/service/tracing'
import { readConfig } from './config.ts'
import { openPersistence } from './open-persistence.ts'

await run(async () => {
  const config = readConfig()
  const logger = createLogger('persistence', config.EMAILAUTH_LOG_LEVEL)
  await startTracing('persistence')
  const listener = await openListener(config, logger)
  warnOfOpenListener(config.EMAILAUTH_PERSISTENCE_HOST, listener, logger)
  const service = await openPersistence({ config, logger, listener })
  const url = await service.app.listen({
    host: config.EMAILAUTH_PERSISTENCE_HOST,
    port: config.EMAILAUTH_PERSISTENCE_PORT,
  })
  logger.info({ url }, 'listening')
  return service
})
