import type { MessageState } from '@emailauth/contracts/messages'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { SmtpServer } from '../smtp/smtp-url.ts'

export interface DeliveryMetrics {
  /** One attempt has ended in this state after so many seconds. */
  attempted(state: MessageState, seconds: number): void
  /** An SMTP server was tried: could it be spoken with? */
  tried(server: SmtpServer, reachable: boolean): void
}

/** Counts and times attempts, and shows which SMTP servers answer. */
export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const attempts = new Counter({
    name: 'emailauth_message_attempts_total',
    help: 'Attempts to hand a message over, by the state they ended in.',
    labelNames: ['state'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'emailauth_message_hand_over_seconds',
    help: 'Time from the start of an attempt to the last reply of the SMTP server, by the state it ended in.',
    labelNames: ['state'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  })
  const reachable = new Gauge({
    name: 'emailauth_smtp_reachable',
    help: '1 when the SMTP server answered the last time it was tried, 0 when not.',
    labelNames: ['server'],
    registers: [registry],
  })
  return {
    attempted(state, seconds) {
      attempts.inc({ state })
      duration.observe({ state }, seconds)
    },
    tried({ host, port }, answered) {
      reachable.set({ server: `${host}:${port}` }, answered ? 1 : 0)
    },
  }
}
