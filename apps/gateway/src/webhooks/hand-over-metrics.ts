import { Counter, type Registry } from 'prom-client'

/** Counts what became of a hand-over that had something to move, or that could not be begun. */
export type CountHandOver = (outcome: (typeof OUTCOMES)[number]) => void
const OUTCOMES = ['done', 'failed'] as const

export function createHandOverCounter(registry: Registry): CountHandOver {
  const counter = new Counter({
    name: 'emailauth_webhook_hand_overs_total',
    help: 'Hand-overs of events for webhooks from persistence to the mailer, by outcome; empty ones are not counted.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  // Prometheus does not see the increase of a series that begins with one.
  for (const outcome of OUTCOMES) counter.inc({ outcome }, 0)
  return (outcome) => counter.inc({ outcome })
}
