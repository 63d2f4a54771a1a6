import { connectRedis } from '@emailauth/redis/connection/connect'
import { retryStart } from '@emailauth/redis/connection/retry-start'
import { webhookRulesOf } from '@emailauth/service/config/config'
import { knownNames } from '@emailauth/service/config/known-names'
import { startDraining } from '@emailauth/service/http/draining'
import type { ListenerOptions } from '@emailauth/service/http/listener'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import type { Logger } from '@emailauth/service/logging/logger'
import { createRedisLog } from '@emailauth/service/logging/redis-log'
import { buildMailer } from './app.ts'
import type { MailerConfig } from './config.ts'
import { openRedisNow } from './redis-now.ts'

export interface OpenMailerOptions {
  readonly config: MailerConfig
  readonly logger: Logger
  readonly listener: ListenerOptions
}

/** Connects to Redis and builds the service with its queue. It does not listen. */
export async function openMailer({ config, logger, listener }: OpenMailerOptions): Promise<OpenService> {
  const redisLog = createRedisLog(logger, 'of the mailer')
  const { redis, now, learn } = await retryStart(config.EMAILAUTH_REDIS_URL, async () => {
    const connection = await connectRedis(config.EMAILAUTH_REDIS_URL, {
      // A late claim or record does no harm: its lease ends, and each outcome is recorded once.
      scriptsAtOnce: true,
      lookupWithin: knownNames.lookupWithin,
      onError: (error) => redisLog.fault({ err: error }),
    })
    try {
      return { redis: connection, ...(await openRedisNow(connection)) }
    } catch (error) {
      connection.disconnect()
      throw error
    }
  })
  redis.on('ready', redisLog.well)
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
      ...webhookRulesOf(config, config.NODE_ENV),
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
    now,
    learnNow: learn,
  })
  return {
    app,
    logger,
    drainSeconds: config.EMAILAUTH_DRAIN_SECONDS,
    drain: () => startDraining(app),
    async close() {
      await app.close()
      redis.disconnect()
    },
  }
}
