import { checkWrites } from '@emailauth/redis/check-writes'
import { observeRules } from '@emailauth/redis/rules/observe-rules'
import { serveBatches } from '@emailauth/rpc/server/batches'
import { buildServiceApp, type ServiceApp } from '@emailauth/service/http/app'
import type { Metrics } from '@emailauth/service/http/metrics'
import { createReadLane } from '@emailauth/service/http/read-lane'
import { createScheduler, type Scheduler } from '@emailauth/service/tasks/scheduler'
import { inSpan } from '@emailauth/service/telemetry/tracing'
import { createLongPoll } from '@emailauth/service/timing/long-poll'
import type { FastifyInstance } from 'fastify'
import { addBounceRoutes } from './bounces/bounces.routes.ts'
import { type BounceOutcome, createTakeBounce, type TakeBounce } from './bounces/bounces.service.ts'
import { listenForBounces } from './bounces/listen-for-bounces.ts'
import { addMailHookRoutes } from './bounces/mail-hooks.routes.ts'
import { createMailHooks } from './bounces/providers/mail-hooks.ts'
import { createTakeReport } from './bounces/take-report.ts'
import { composeDelivery } from './compose-delivery.ts'
import { type ComposedMail, composeMail } from './compose-mail.ts'
import { addStatusRoutes } from './delivery/status.routes.ts'
import { MAX_OPEN, type MailerOptions } from './mailer-options.ts'
import { createForgetMessages } from './message-state/forget-messages.ts'
import { createCountMessages } from './messages/count-messages.ts'
import { createMessageLookup } from './messages/message-lookup.ts'
import { addMessageRoutes } from './messages/messages.routes.ts'
import { createMessagesService } from './messages/messages.service.ts'
import { createRetryMessages } from './messages/retry-messages.ts'
import { addOutcomeRoutes } from './outcomes/outcomes.routes.ts'
import { addPreviewRoutes } from './previews/previews.routes.ts'
import { createSendTestMail } from './previews/test-mail.ts'
import { createTestMailLimit } from './previews/test-mail-limit.ts'
import { resealHourly } from './resealing/reseal-hourly.ts'
import { addRelayCheckRoutes } from './setup/relay-check.routes.ts'
import { createAddSuppressions } from './suppressions/add-suppressions.ts'
import { resealSuppressions } from './suppressions/reseal-suppressions.ts'
import { addSuppressionRoutes } from './suppressions/suppressions.routes.ts'
import { startWebhooks } from './webhooks/start-webhooks.ts'

/** Written by `/readyz`. It expires. */
const READINESS_KEY = 'ea:mail:{ready}'

/**
 * Builds the mailer. Closing the app lets open attempts end first. The caller closes the Redis connection.
 */
export async function buildMailer(options: MailerOptions): Promise<FastifyInstance> {
  const { redis, keyRing, serviceToken, logger, bounceSecret, now = Date.now } = options
  await keyRing.ready()
  const mail = composeMail(options)
  const { store, index, outcomes, suppressions } = mail
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
      countBounce = addFeatures(scope, observed, { options, mail, takeBounce })
    },
  })
  if (bounceSecret !== undefined) addBounceRoutes(app, bounceSecret, takeBounce, now)
  const { bounceAddress, bounceEndpoints = [] } = options
  if (bounceAddress !== undefined) {
    const takeReport = createTakeReport(takeBounce)
    const { tls } = options.listener ?? {}
    listenForBounces(app, bounceEndpoints, { bounceAddress, takeReport, tls, logger, now })
  }
  return app
}

interface Composed {
  readonly options: MailerOptions
  readonly mail: ComposedMail
  readonly takeBounce: TakeBounce
}

/** Adds the routes and starts delivering. Returns what counts bounces. */
function addFeatures(
  app: ServiceApp,
  observed: Metrics,
  { options, mail, takeBounce }: Composed,
): (outcome: BounceOutcome) => void {
  const { redis, redisUrl, keyRing, logger, maxOpen = MAX_OPEN, now = Date.now } = options
  const { keys, store, index, outcomes, suppressions, smtpServers, senderOf, ownServer, renderMail } = mail
  const { lane = createReadLane() } = options
  const { registry } = observed
  const batches = serveBatches(app, { metrics: observed })
  const scheduler = createScheduler({ logger })
  scheduler.measure(registry)
  closeAround(app, scheduler)
  const longPoll = createLongPoll(app)
  observeRules(redis, { registry, inSpan })
  const delivery = composeDelivery(options, mail, registry)
  const { metrics, queue, smtp, deliver } = delivery

  const messages = createMessagesService({ store, index, deliver, outcomes, maxOpen, logger, now })
  addMessageRoutes(app, {
    batches,
    messages: { send: lane.first(messages.send), drop: lane.first(messages.drop) },
    lookup: createMessageLookup(store, index),
    countMessages: createCountMessages(redis, keys, now),
    retryMessages: createRetryMessages(store, index, queue),
    lane,
  })
  addOutcomeRoutes(app, { outcomes, store, longPoll })
  const addSuppressions = createAddSuppressions(suppressions, now)
  const forgetMessages = createForgetMessages(redis, keys, store)
  addSuppressionRoutes(app, { suppressions, addSuppressions, forgetMessages, lane })
  const hooks = createMailHooks({ bounceSecret: options.bounceSecret, ...options.providers }, now)
  addMailHookRoutes(app, { hooks, takeBounce })
  startWebhooks(
    app,
    { redis, redisUrl, ring: keyRing, registry, lane, longPoll, scheduler, logger, now },
    options.webhooks,
  )
  const sendTestMail = createSendTestMail({ smtp, renderMail, senderOf, ownServer, now })
  addPreviewRoutes(app, { sendTestMail, limit: createTestMailLimit(redis, keyRing) })
  addRelayCheckRoutes(app, { servers: smtpServers, ownServer })
  addStatusRoutes(app, { smtp, queue })

  delivery.start(app, scheduler)
  scheduler.add(resealHourly('suppressions', () => resealSuppressions(redis, keyRing), logger))
  return metrics.bounced
}

/**
 * Begins no more rounds once the app closes, and waits for the last ones at its very end (of these hooks the
 * one added first runs last): a round that waits for a Redis that is gone ends with its queue's connection.
 */
function closeAround(app: ServiceApp, scheduler: Scheduler): void {
  app.addHook('preClose', async () => void scheduler.close())
  app.addHook('onClose', () => scheduler.close())
}
