import { checkWrites } from '@emailauth/redis/check-writes'
import type { RedisConnection } from '@emailauth/redis/connect'
import { observeRules } from '@emailauth/redis/observe-rules'
import { serveBatches } from '@emailauth/rpc/server/batches'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { buildServiceApp } from '@emailauth/service/app'
import type { ListenerOptions } from '@emailauth/service/listener'
import type { Logger } from '@emailauth/service/logger'
import { createLongPoll } from '@emailauth/service/long-poll'
import { createReadLane, type ReadLane } from '@emailauth/service/read-lane'
import { createScheduler } from '@emailauth/service/scheduler'
import { inSpan } from '@emailauth/service/tracing'
import type { FastifyInstance } from 'fastify'
import type { BounceEndpoint } from './bounces/bounce-listen.ts'
import { startBounceListener } from './bounces/bounce-listener.ts'
import { addBounceRoutes } from './bounces/bounces.routes.ts'
import { type BounceOutcome, createTakeBounce } from './bounces/bounces.service.ts'
import { addMailHookRoutes } from './bounces/mail-hooks.routes.ts'
import { createMailHooks, type ProviderSecrets } from './bounces/providers/mail-hooks.ts'
import { createTakeReport } from './bounces/take-report.ts'
import { createDeliver } from './delivery/deliver.ts'
import { createDeliveryMetrics } from './delivery/delivery-metrics.ts'
import { createLogRefusals } from './delivery/log-refusals.ts'
import { takeOverOrphans } from './delivery/orphans.ts'
import { createOutcomesToRecord } from './delivery/pending-outcomes.ts'
import { createRetry } from './delivery/retry.ts'
import { createRetryQueue } from './delivery/retry-queue.ts'
import { createSendMessage } from './delivery/send-message.ts'
import { addStatusRoutes } from './delivery/status.routes.ts'
import { createMessageIndex } from './message-state/message-index.ts'
import { createMessageKeys } from './message-state/message-keys.ts'
import { createMessageStore } from './message-state/message-store.ts'
import { createCountMessages } from './messages/count-messages.ts'
import { addMessageRoutes } from './messages/messages.routes.ts'
import { createMessagesService } from './messages/messages.service.ts'
import { createRetryMessages } from './messages/retry-messages.ts'
import type { DkimKey } from './mime/dkim.ts'
import { type ExtraHeaders, extraHeaders } from './mime/extra-headers.ts'
import { createMailRenderer } from './mime/mail-cache.ts'
import type { Mailbox } from './mime/mailbox.ts'
import { createSenderOf } from './mime/sender.ts'
import { createOutcomeList } from './outcomes/outcome-list.ts'
import { addOutcomeRoutes } from './outcomes/outcomes.routes.ts'
import { spareDelivered } from './outcomes/spare-delivered.ts'
import { addPreviewRoutes } from './previews/previews.routes.ts'
import { createSendTestMail } from './previews/test-mail.ts'
import { createTestMailLimit } from './previews/test-mail-limit.ts'
import { takeOverStalled } from './queue/take-over-stalled.ts'
import { resealHourly } from './resealing/reseal-hourly.ts'
import { addRelayCheckRoutes } from './setup/relay-check.routes.ts'
import { defaultClientName } from './smtp/client-name.ts'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from './smtp/relay-limits.ts'
import { createSmtp, type OnTried } from './smtp/relays.ts'
import type { SmtpServer } from './smtp/smtp-url.ts'
import { createAddSuppressions } from './suppressions/add-suppressions.ts'
import { resealSuppressions } from './suppressions/reseal-suppressions.ts'
import { createSuppressions } from './suppressions/suppression-store.ts'
import { addSuppressionRoutes } from './suppressions/suppressions.routes.ts'
import { createOwnServer } from './tenants/own-server.ts'
import { startWebhooks, type WebhookOptions } from './webhooks/start-webhooks.ts'

export interface MailerOptions {
  readonly redis: RedisConnection
  /** URL of the same Redis. The retry queue opens connections of its own. */
  readonly redisUrl: string
  /** Keys of the mailer alone, derived from the master key ring (secrets/mailer-ring.ts). */
  readonly keyRing: KeyRing
  readonly serviceToken: string
  readonly listener?: ListenerOptions
  readonly smtpServers: readonly SmtpServer[]
  readonly from: Mailbox
  /** Our name in EHLO. Default: this host's name, or the sender's domain. */
  readonly clientName?: string | undefined
  /** Extra headers for every mail, for mail providers. */
  readonly extraHeaders?: ExtraHeaders
  readonly dkimKeys?: readonly DkimKey[]
  /** Whether tenants may name SMTP servers without a public address. */
  readonly allowPrivateSmtp?: boolean
  /** Whether SMTP servers on the Internet may be used without TLS. */
  readonly allowPlaintextSmtp?: boolean
  /** Address for reports of failed deliveries. Each mail adds its token to it. Absent: the sender. */
  readonly bounceAddress?: string | undefined
  /** Listeners that take reports to that address by SMTP or LMTP. Default: none. */
  readonly bounceEndpoints?: readonly BounceEndpoint[]
  /** Signs bounce calls. Without it the mailer takes none. */
  readonly bounceSecret?: string | undefined
  /** Where webhooks may go. Absent: by https to public addresses. */
  readonly webhooks?: WebhookOptions
  /** Secrets that prove the reports of mail providers. */
  readonly providers?: Omit<ProviderSecrets, 'bounceSecret'>
  readonly logger?: Logger
  readonly relayLimits?: RelayLimits
  /** Bound of open sends. Further sends are refused. */
  readonly maxOpen?: number
  /** On closing, attempts may run this long. Then they are cut and wait in the queue for the next mailer. */
  readonly drainMs?: number
  /** Lists and long look-ups wait in this lane. Default: a lane of its own. */
  readonly lane?: ReadLane
  /** Unix milliseconds. */
  readonly now?: () => number
}

/** Written by `/readyz`. It expires. */
const READINESS_KEY = 'ea:mail:{ready}'
export const MAX_OPEN = 2000
/** Absent `drainMs`. */
export const DRAIN_MS = 6000

/**
 * Builds the mailer. Closing the app lets open attempts end first. The caller closes the Redis connection.
 */
export async function buildMailer(options: MailerOptions): Promise<FastifyInstance> {
  const { redis, keyRing, serviceToken, from, logger, bounceSecret, now = Date.now } = options
  const clientName = options.clientName ?? defaultClientName(from)
  const smtpServers = options.smtpServers.map((server) => ({ ...server, clientName }))
  const keys = createMessageKeys(redis)
  const store = createMessageStore(redis, keys, keyRing, now, logger)
  const index = createMessageIndex(redis, keys, now)
  const toRecord = createOutcomesToRecord(store, logger, now)
  const outcomes = spareDelivered(createOutcomeList(redis, now), store)
  const suppressions = createSuppressions(redis, keyRing, now)
  const senderOf = createSenderOf(from)
  const ownServer = createOwnServer({
    ring: keyRing,
    allowPrivate: options.allowPrivateSmtp ?? false,
    allowPlaintext: options.allowPlaintextSmtp ?? false,
    clientName,
  })
  const renderMail = createMailRenderer(senderOf, options.dkimKeys ?? [], (ownHost, mail) => {
    const hosts = ownHost === undefined ? smtpServers.map(({ host }) => host) : [ownHost]
    const ofTenant = mail?.headers?.map(({ name, value }) => [name, value]) ?? []
    return extraHeaders(hosts, options.extraHeaders ?? {}, Object.fromEntries(ofTenant))
  })

  let countBounce: (outcome: BounceOutcome) => void = () => {}
  const takeBounce = createTakeBounce({
    ring: keyRing,
    store,
    index,
    outcomes,
    suppressions,
    count: (outcome) => countBounce(outcome),
    now,
  })

  const app = await buildServiceApp({
    name: 'mailer',
    description: 'Mails numbers to people, each once, and knows what became of every mail.',
    serviceToken,
    listener: options.listener,
    logger,
    // An unreachable SMTP server does not make the mailer unready: calls still get answers, and the metrics
    // show it.
    readyChecks: [{ name: 'redis', check: () => checkWrites(redis, READINESS_KEY) }],
    routes(scope, observed) {
      const batches = serveBatches(scope, { metrics: observed })
      const { registry } = observed
      const scheduler = createScheduler({ logger })
      scheduler.measure(registry)
      const longPoll = createLongPoll(scope)
      observeRules(redis, { registry: observed.registry, inSpan })
      const metrics = createDeliveryMetrics(registry, smtpServers)
      const queue = createRetryQueue(options.redisUrl, logger, now)
      const limits = options.relayLimits ?? DEFAULT_RELAY_LIMITS
      const logRefusal = createLogRefusals(logger, now)
      const tried: OnTried = (server, answer, mail) => {
        metrics.tried(server, answer)
        logRefusal(server, answer, mail)
      }
      const smtp = createSmtp(smtpServers, limits, tried, queue.promote)
      const handOver = createSendMessage({
        bounceAddress: options.bounceAddress,
        smtp,
        renderMail,
        senderOf,
        ownServer,
        ring: keyRing,
        now,
      })
      const deliver = createDeliver({
        store,
        outcomes: toRecord,
        queue,
        handOver,
        suppressions,
        metrics,
        logger,
        now,
      })
      const { maxOpen = MAX_OPEN, drainMs = DRAIN_MS } = options
      countBounce = metrics.bounced
      metrics.watch({ open: () => deliver.open, waiting: () => queue.depth() })

      const messages = createMessagesService({ store, index, deliver, outcomes, maxOpen, logger, now })
      const countMessages = createCountMessages(redis, keys, now)
      const retryMessages = createRetryMessages(store, index, queue)
      const { lane = createReadLane() } = options
      const firstMessages = { ...messages, send: lane.first(messages.send), drop: lane.first(messages.drop) }
      addMessageRoutes(scope, { batches, messages: firstMessages, countMessages, retryMessages, lane })
      addOutcomeRoutes(scope, { outcomes, store, longPoll })
      addSuppressionRoutes(scope, {
        suppressions,
        addSuppressions: createAddSuppressions(suppressions, now),
        lane,
      })
      addMailHookRoutes(scope, {
        hooks: createMailHooks({ bounceSecret, ...options.providers }, now),
        takeBounce,
      })
      const sendTestMail = createSendTestMail({ smtp, renderMail, senderOf, ownServer, now })
      startWebhooks(
        scope,
        {
          redis,
          redisUrl: options.redisUrl,
          ring: keyRing,
          registry,
          lane,
          longPoll,
          scheduler,
          logger,
          now,
        },
        options.webhooks,
      )
      addPreviewRoutes(scope, { sendTestMail, limit: createTestMailLimit(redis, keyRing) })
      addRelayCheckRoutes(scope, { servers: smtpServers, ownServer })
      addStatusRoutes(scope, { smtp, queue })

      queue.start(createRetry(store, index, deliver, outcomes, now))
      scheduler.add(takeOverOrphans({ index, queue, metrics, now }))
      scheduler.add(takeOverStalled('stalled-retries', queue))
      scheduler.add(resealHourly('suppressions', () => resealSuppressions(redis, keyRing), logger))
      // This runs before the server waits for its open requests, because they wait for these attempts.
      scope.addHook('preClose', () => deliver.drain(drainMs))
      scope.addHook('onClose', async () => {
        await scheduler.close()
        await Promise.all([queue.stop(), deliver.drain(drainMs)])
        await queue.close()
        smtp.close()
      })
    },
  })
  if (bounceSecret !== undefined) {
    addBounceRoutes(app, bounceSecret, takeBounce, now)
  }
  const { bounceAddress, bounceEndpoints = [] } = options
  if (bounceAddress !== undefined) {
    const { tls } = options.listener ?? {}
    const closers: (() => Promise<void>)[] = []
    const takeReport = createTakeReport(takeBounce)
    for (const endpoint of bounceEndpoints) {
      app.addHook('onReady', async () => {
        const listener = await startBounceListener({ endpoint, bounceAddress, takeReport, tls, logger, now })
        closers.push(listener.close)
      })
    }
    app.addHook('preClose', async () => void (await Promise.all(closers.map((close) => close()))))
  }
  return app
}
