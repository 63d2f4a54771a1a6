import type { RedisConnection } from '@emailauth/redis/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { buildServiceApp } from '@emailauth/service/app'
import type { Logger } from '@emailauth/service/logger'
import type { FastifyInstance } from 'fastify'
import { createDeliver } from './delivery/deliver.ts'
import { createDeliveryMetrics } from './delivery/delivery-metrics.ts'
import { createMessageStore } from './delivery/message-store.ts'
import { addMessageRoutes } from './messages/messages.routes.ts'
import { createMessagesService } from './messages/messages.service.ts'
import type { Mailbox } from './smtp/mailbox.ts'
import { createSmtp, DEFAULT_SMTP_LIMITS, type SmtpLimits } from './smtp/nodemailer-smtp.ts'
import type { SmtpServer } from './smtp/smtp-url.ts'
import { createMailRenderer } from './templates/mail-cache.ts'

export interface MailerOptions {
  readonly redis: RedisConnection
  readonly keyRing: KeyRing
  readonly serviceToken: string
  readonly smtpServers: readonly SmtpServer[]
  readonly from: Mailbox
  readonly logger?: Logger
  readonly smtpLimits?: SmtpLimits
  /** Unix milliseconds. */
  readonly now?: () => number
}

/** Builds the mailer; closing the app lets mails that are under way go out first. The Redis connection stays the caller's. */
export async function buildMailer(options: MailerOptions): Promise<FastifyInstance> {
  const { redis, keyRing, serviceToken, smtpServers, from, logger, now = Date.now } = options
  const app = await buildServiceApp({
    name: 'mailer',
    description: 'Mails numbers to people, each once, and knows what became of every mail.',
    serviceToken,
    logger,
    // An SMTP server out of reach is no reason to send callers away: each call is answered for, and the metrics tell.
    readyChecks: [{ name: 'redis', check: () => redis.ping() }],
    routes(scope, { registry }) {
      const metrics = createDeliveryMetrics(registry)
      const smtp = createSmtp(smtpServers, options.smtpLimits ?? DEFAULT_SMTP_LIMITS, metrics.tried)
      const store = createMessageStore(redis, keyRing, now)
      const renderMail = createMailRenderer(from)
      const deliver = createDeliver({ store, smtp, renderMail, from, metrics, logger, now })
      addMessageRoutes(scope, createMessagesService(store, deliver, logger))
      scope.addHook('onClose', () => smtp.close())
    },
  })
  return app
}
