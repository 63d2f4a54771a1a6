import type { ServiceApp } from '@emailauth/service/http/app'
import type { Scheduler } from '@emailauth/service/tasks/scheduler'
import type { Registry } from 'prom-client'
import type { ComposedMail } from './compose-mail.ts'
import { createDeliver } from './delivery/deliver.ts'
import { createDeliveryMetrics } from './delivery/delivery-metrics.ts'
import { createFairHandOver } from './delivery/fair-hand-over.ts'
import { createLogRefusals } from './delivery/log-refusals.ts'
import { createLogUnreachable } from './delivery/log-unreachable.ts'
import { promoteMisplaced } from './delivery/misplaced-retries.ts'
import { takeOverOrphans } from './delivery/orphans.ts'
import { createRetry } from './delivery/retry.ts'
import { createRetryQueue } from './delivery/retry-queue.ts'
import { createSendMessage } from './delivery/send-message.ts'
import { DRAIN_MS, MAX_OPEN, type MailerOptions } from './mailer-options.ts'
import { readName } from './message-state/message-name.ts'
import { takeOverStalled } from './queue/take-over-stalled.ts'
import { createWorkByKey, takeWorkByKey } from './queue/work-by-key.ts'
import { DEFAULT_RELAY_LIMITS } from './relays/relay-limits.ts'
import { createSmtp, type OnTried } from './relays/relays.ts'

/** Composes the attempts to hand over mails: at once, and from the retry queue. */
export function composeDelivery(options: MailerOptions, mail: ComposedMail, registry: Registry) {
  const { redis, redisUrl, bounceAddress, keyRing, logger, maxOpen = MAX_OPEN, now = Date.now } = options
  const { store, index, outcomes, toRecord, suppressions, smtpServers, senderOf, ownServer, renderMail } =
    mail
  const metrics = createDeliveryMetrics(registry, smtpServers)
  const queue = createRetryQueue(redisUrl, logger, now)
  const logRefusal = createLogRefusals(logger, now)
  const logUnreachable = createLogUnreachable(logger, smtpServers)
  const tried: OnTried = (server, answer, sent) => {
    metrics.tried(server, answer)
    logRefusal(server, answer, sent)
    logUnreachable.tried(server, answer, sent)
  }
  const smtp = createSmtp(
    smtpServers,
    options.relayLimits ?? DEFAULT_RELAY_LIMITS,
    tried,
    (ready, server) => {
      metrics.reached(server)
      logUnreachable.reached(server)
      return queue.promote(ready)
    },
  )
  const sendMessage = createSendMessage({
    bounceAddress,
    smtp,
    renderMail,
    senderOf,
    ownServer,
    ring: keyRing,
    now,
  })
  const places = createFairHandOver(sendMessage, maxOpen, now)
  const deliver = createDeliver({
    store,
    outcomes: toRecord,
    queue,
    handOver: places.handOver,
    suppressions,
    metrics,
    logger,
    now,
  })
  metrics.watch({ open: () => deliver.open, waiting: () => queue.depth(), relays: smtp.status })

  return {
    metrics,
    queue,
    smtp,
    deliver,
    /** Works on the retry queue until the app closes. */
    start(app: ServiceApp, scheduler: Scheduler): void {
      const { drainMs = DRAIN_MS } = options
      const byKey = createWorkByKey(redis, keyRing, 'retry')
      const retry = createRetry({ store, index, deliver, places, outcomes, byKey, now })
      queue.start(retry)
      const retryHere = async (text: string) => {
        const name = readName(text)
        // A look, so that it comes no sooner than planned. Its job stays in the queue for the next attempt.
        if ((await retry(name, true)) === 'done') await queue.remove(name)
      }
      scheduler.add(takeWorkByKey('retries-by-key', byKey, retryHere))
      scheduler.add(takeOverOrphans({ index, queue, metrics, now }))
      scheduler.add(takeOverStalled('stalled-retries', queue))
      scheduler.add(promoteMisplaced(queue))
      // Draining comes before the server waits for its open requests, because they wait for these attempts.
      app.addHook('preClose', () => {
        // Before that, so that no retry begins, and a Redis that hangs is waited for at the same time.
        void queue.stop()
        return deliver.drain(drainMs)
      })
      app.addHook('onClose', async () => {
        await Promise.all([queue.stop(), deliver.drain(drainMs)])
        await queue.close()
        smtp.close()
      })
    },
  }
}
