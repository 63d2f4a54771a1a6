import { run } from '@emailauth/service/run'
import { startTracing } from '@emailauth/service/tracing'
import { readConfig } from './config.ts'
import { openServe } from './open-serve.ts'

await run(async () => {
  const config = readConfig()
  await startTracing('serve')
  const service = await openServe(config)
  const { EMAILAUTH_HOST: host, EMAILAUTH_GATEWAY_PORT: port } = config.gateway
  const url = await service.app.listen({ host, port })
  service.logger.info({ url }, 'gateway, persistence and mailer run in this process')
  return service
})
