import process from 'node:process'
import { connectRedis } from '@emailauth/redis/connect'
import { createLogger } from '@emailauth/service/logger'
import { run } from '@emailauth/service/run'
import { buildMailer } from './app.ts'
import { readConfig } from './config.ts'

await run(async () => {
  // biome-ignore lint/style/noProcessEnv: this is the one place that hands the environment on
  const config = readConfig(process.env)
  const logger = createLogger('mailer', config.EMAILAUTH_LOG_LEVEL)
  const redis = await connectRedis(config.EMAILAUTH_REDIS_URL, {
    onError: (error) => logger.warn({ err: error }, 'redis'),
  })
  const app = await buildMailer({
    redis,
    keyRing: config.EMAILAUTH_SECRET_KEYS,
    serviceToken: config.EMAILAUTH_SERVICE_TOKEN,
    smtpServers: config.EMAILAUTH_SMTP_URL,
    from: config.EMAILAUTH_MAIL_FROM,
    logger,
  })
  await app.listen({ host: '127.0.0.1', port: config.EMAILAUTH_MAILER_PORT })
  return {
    logger,
    async close() {
      await app.close()
      redis.disconnect()
    },
  }
})
