import process from 'node:process'
import { withEnvFile } from '@emailauth/service/config/env-file'
import { openListener, warnOfOpenListener } from '@emailauth/service/http/listener'
import { defineService } from '@emailauth/service/lifecycle/run-service'
import { configWarnings, readConfig } from './config.ts'
import { renderFirstMail } from './mime/first-mail.ts'
import { openMailer } from './open-mailer.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = defineService({
  name: 'mailer',
  // biome-ignore lint/style/noProcessEnv: this is the one place that hands the environment on
  read: () => readConfig(withEnvFile(process.env, process.cwd())),
  warnings: configWarnings,
  async start(config, logger) {
    if (config.holdsMasterKeys)
      logger.warn(
        'the mailer holds EMAILAUTH_SECRET_KEYS, which open every identity; give it EMAILAUTH_MAILER_KEYS alone',
      )
    const listener = await openListener(config, logger)
    warnOfOpenListener(config.EMAILAUTH_MAILER_HOST, listener, logger)
    // A mail is rendered while the mailer connects to Redis, so that it hardly lengthens the start. `serve`
    // has no such pause: its other services start meanwhile.
    const [service] = await Promise.all([openMailer({ config, logger, listener }), renderFirstMail()])
    await service.app.listen({ host: config.EMAILAUTH_MAILER_HOST, port: config.EMAILAUTH_MAILER_PORT })
    return service
  },
})
