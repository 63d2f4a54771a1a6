import type { MessageState } from '@emailauth/contracts/messages'
import type { RelayStatus } from '@emailauth/contracts/service-status'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { RelayAnswer } from '../smtp/hand-over.ts'
import { relayName, type SmtpServer } from '../smtp/smtp-url.ts'

export interface DeliveryMetrics {
  /** Records how an attempt ended, and its seconds. */
  attempted(state: MessageState, seconds: number): void
  /** Records one try of an SMTP server. Tenants' own servers count as one. */
  tried(server: SmtpServer, answer: RelayAnswer): void
  /** Records that an SMTP server which did not answer can be reached again. */
  reached(server: SmtpServer): void
  /** Records a bounce. `unknown`: no message of ours was sent to its address. */
  bounced(outcome: 'taken' | 'unknown'): void
  /** Records that a dead mailer's message was queued. */
  tookOver(): void
  /** Exposes these gauges in the metrics. */
  watch(gauges: {
    readonly open: () => number
    readonly waiting: () => Promise<number>
    readonly relays: () => readonly RelayStatus[]
  }): void
}

/** Counts and times attempts, and shows which SMTP servers answer. */
export function createDeliveryMetrics(registry: Registry, shared: readonly SmtpServer[]): DeliveryMetrics {
  const registers = [registry]
  const attempts = new Counter({
    name: 'emailauth_message_attempts_total',
    help: 'Attempts to hand a message over, by the state they ended in.',
    labelNames: ['state'],
    registers,
  })
  const duration = new Histogram({
    name: 'emailauth_message_hand_over_seconds',
    help: 'Time from the start of an attempt to the last reply of the SMTP server, by the state it ended in.',
    labelNames: ['state'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  const reachable = new Gauge({
    name: 'emailauth_smtp_reachable',
    help: '1 when the SMTP server answered the last time it was tried, 0 when not.',
    labelNames: ['server'],
    registers,
  })
  const unknown = new Counter({
    name: 'emailauth_message_unknown_outcomes_total',
    help: 'Mails whose connection was lost after all of the mail was written: each may arrive twice.',
    registers,
  })
  const refusals = new Counter({
    name: 'emailauth_smtp_refusals_total',
    help: 'Mails that an SMTP server refused, by what it said; only `recipient` is the end of a mail.',
    labelNames: ['server', 'class'],
    registers,
  })
  const tookOver = new Counter({
    name: 'emailauth_messages_adopted_total',
    help: 'Messages taken over from a mailer that died, or that a full Redis did not queue.',
    registers,
  })

  const bounces = new Counter({
    name: 'emailauth_bounces_total',
    help: 'Bounces that were posted, by outcome: unknown ones were for no message sent to that address.',
    labelNames: ['outcome'],
    registers,
  })

  const labelOf = (server: SmtpServer) => (shared.includes(server) ? relayName(server) : 'of tenants')

  return {
    bounced: (outcome) => bounces.inc({ outcome }),
    attempted(state, seconds) {
      attempts.inc({ state })
      duration.observe({ state }, seconds)
    },
    tried(server, { serverFault, isUnasked, maybeSent, refusal }) {
      const label = labelOf(server)
      if (!isUnasked) reachable.set({ server: label }, serverFault ? 0 : 1)
      if (refusal !== undefined) refusals.inc({ server: label, class: refusal })
      if (maybeSent) unknown.inc()
    },
    reached: (server) => reachable.set({ server: labelOf(server) }, 1),
    tookOver: () => tookOver.inc(),
    watch({ open, waiting, relays }) {
      new Gauge({
        name: 'emailauth_smtp_refusing',
        help: 'Accounts at the SMTP server whose mails it refuses for everybody, so that it gets single mails only; 0 for none.',
        labelNames: ['server'],
        registers,
        collect() {
          // Two accounts at one server have one name.
          this.reset()
          for (const relay of relays())
            this.inc({ server: relayName(relay) }, relay.circuit === 'refusing' ? 1 : 0)
        },
      })
      new Gauge({
        name: 'emailauth_messages_open',
        help: 'Messages that this mailer is handing over at this moment.',
        registers,
        collect() {
          this.set(open())
        },
      })
      new Gauge({
        name: 'emailauth_messages_waiting',
        help: 'Messages of all mailers that wait for their next attempt.',
        registers,
        async collect() {
          this.set(await waiting().catch(() => Number.NaN))
        },
      })
    },
  }
}
