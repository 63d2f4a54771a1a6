import process from 'node:process'
import { connectRedis } from '@emailauth/redis/connect'
import { webhookRulesOf } from '@emailauth/service/config'
import { startDraining } from '@emailauth/service/draining'
import { withEnvFile } from '@emailauth/service/env-file'
import { openListener, warnOfOpenListener } from '@emailauth/service/listener'
import { createLogger } from '@emailauth/service/logger'
import { createRedisLog } from '@emailauth/service/redis-log'
import { run } from '@emailauth/service/run'
import { startTracing } from '@emailauth/service/tracing'
import { buildMailer } from './app.ts'
import { readConfig } from './config.ts'

await run(async () => {
  // biome-ignore lint/style/noProcessEnv: this is the one place that hands the environment on
  const env = withEnvFile(process.env, process.cwd())
  const config = readConfig(env)
  const logger = createLogger('mailer', config.EMAILAUTH_LOG_LEVEL)
  await startTracing('mailer')
  if (config.holdsMasterKeys)
    logger.warn(
      'the mailer holds EMAILAUTH_SECRET_KEYS, which open every identity; give it EMAILAUTH_MAILER_KEYS alone',
    )
  const redisLog = createRedisLog(logger, 'of the mailer')
  const redis = await connectRedis(config.EMAILAUTH_REDIS_URL, {
    // A late claim or record does no harm: its lease ends, and each outcome is recorded once.
    scriptsAtOnce: true,
    onError: (error) => redisLog.fault({ err: error }),
  })
  redis.on('ready', redisLog.well)
  const listener = await openListener(config, logger)
  warnOfOpenListener(config.EMAILAUTH_MAILER_HOST, listener, logger)
  const app = await buildMailer({
    redis,
    redisUrl: config.EMAILAUTH_REDIS_URL,
    keyRing: config.keyRing,
    serviceToken: config.EMAILAUTH_SERVICE_TOKEN,
    listener,
    smtpServers: config.EMAILAUTH_SMTP_URL,
    from: config.EMAILAUTH_MAIL_FROM,
    clientName: config.EMAILAUTH_SMTP_NAME,
    extraHeaders: config.EMAILAUTH_MAIL_HEADERS,
    dkimKeys: config.EMAILAUTH_DKIM,
    allowPrivateSmtp: config.EMAILAUTH_ALLOW_PRIVATE_SMTP,
    allowPlaintextSmtp: config.EMAILAUTH_ALLOW_PLAINTEXT_SMTP,
    webhooks: {
      ...webhookRulesOf(config, env.NODE_ENV),
      limits: { disableAfterMs: config.EMAILAUTH_WEBHOOK_DISABLE_DAYS * 86_400_000 },
    },
    bounceAddress: config.EMAILAUTH_BOUNCE_ADDRESS,
    bounceEndpoints: config.EMAILAUTH_BOUNCE_LISTEN,
    bounceSecret: config.EMAILAUTH_BOUNCE_SECRET,
    providers: {
      sesTopicArn: config.EMAILAUTH_SES_TOPIC_ARN,
      sendgridKey: config.EMAILAUTH_SENDGRID_WEBHOOK_KEY,
      mailgunSigningKey: config.EMAILAUTH_MAILGUN_SIGNING_KEY,
      postmarkCredentials: config.EMAILAUTH_POSTMARK_WEBHOOK_AUTH,
    },
    logger,
  })
  await app.listen({ host: config.EMAILAUTH_MAILER_HOST, port: config.EMAILAUTH_MAILER_PORT })
  return {
    logger,
    drainSeconds: config.EMAILAUTH_DRAIN_SECONDS,
    drain: () => startDraining(app),
    async close() {
      await app.close()
      redis.disconnect()
    },
  }
})
