import { type WebhookOutcome, webhookOutcome } from '@emailauth/contracts/webhook-deliveries'
import { Counter, type Registry } from 'prom-client'

/**
 * Why an event was given up: its last attempt failed, the receiver answered 410, the endpoint is disabled,
 * too many events wait for it, or the event cannot be opened.
 */
export type GiveUpReason = (typeof REASONS)[number]
const REASONS = ['attempts', 'gone', 'disabled', 'full', 'unreadable'] as const

export interface WebhookMetrics {
  attempted(outcome: WebhookOutcome): void
  gaveUp(reason: GiveUpReason, events?: number): void
}

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry]
  const attempts = new Counter({
    name: 'emailauth_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook endpoint, by their outcome.',
    labelNames: ['outcome'],
    registers,
  })
  const givenUp = new Counter({
    name: 'emailauth_webhook_events_given_up_total',
    help: 'Events for webhook endpoints that were given up, by reason; they can be replayed for a week.',
    labelNames: ['reason'],
    registers,
  })
  // Prometheus does not see the increase of a series that begins with one.
  for (const outcome of webhookOutcome.options) attempts.inc({ outcome }, 0)
  for (const reason of REASONS) givenUp.inc({ reason }, 0)
  return {
    attempted: (outcome) => attempts.inc({ outcome }),
    gaveUp: (reason, events = 1) => givenUp.inc({ reason }, events),
  }
}
