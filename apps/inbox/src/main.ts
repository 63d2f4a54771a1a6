import { run } from '@emailauth/service/lifecycle/run'
import { createLogger } from '@emailauth/service/logging/logger'
import { buildInboxApp } from './app.ts'
import { readInboxConfig } from './config.ts'
import { createSmtpReceiver } from './smtp.ts'
import { createMessageStore } from './store.ts'

/** Called by what loads the bundle (packages/service/src/bundle). */
export const start = () =>
  run(async () => {
    const config = readInboxConfig()
    const logger = createLogger('inbox', config.EMAILAUTH_LOG_LEVEL)
    const store = createMessageStore()
    const smtp = createSmtpReceiver(store, logger)
    const app = await buildInboxApp(store, logger)
    // SMTP first: once the page answers, mail may be sent.
    const smtpPort = await smtp.listen(config.EMAILAUTH_SMTP_PORT)
    const url = await app.listen({ port: config.EMAILAUTH_INBOX_PORT, host: '127.0.0.1' })
    logger.info({ smtpPort, url }, 'inbox is ready')
    return {
      logger,
      drainSeconds: 0,
      drain: () => {},
      close: async () => {
        await Promise.all([app.close(), smtp.close()])
      },
    }
  })
