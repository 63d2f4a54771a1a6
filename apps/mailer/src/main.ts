import process from 'node:process'
import { withEnvFile } from '@emailauth/service/env-file'
import { openListener, warnOfOpenListener } from '@emailauth/service/listener'
import { defineService } from '@emailauth/service/run-service'
import { readConfig } from './config.ts'
import { openMailer } from './open-mailer.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = defineService({
  name: 'mailer',
  // biome-ignore lint/style/noProcessEnv: this is the one place that hands the environment on
  read: () => readConfig(withEnvFile(process.env, process.cwd())),
  async start(config, logger) {
    if (config.holdsMasterKeys)
      logger.warn(
        'the mailer holds EMAILAUTH_SECRET_KEYS, which open every identity; give it EMAILAUTH_MAILER_KEYS alone',
      )
    const listener = await openListener(config, logger)
    warnOfOpenListener(config.EMAILAUTH_MAILER_HOST, listener, logger)
    const service = await openMailer({ config, logger, listener })
    await service.app.listen({ host: config.EMAILAUTH_MAILER_HOST, port: config.EMAILAUTH_MAILER_PORT })
    return service
  },
})
