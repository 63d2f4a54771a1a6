import type { RelayStatus } from '@emailauth/contracts/service-status'
import { classifyFailure, smtpFailureOf } from '../smtp/failure.ts'
import type { OutgoingMail, RelayAnswer } from '../smtp/hand-over.ts'
import { createRefusedShare } from '../smtp/refusals/refused-share.ts'
import { openSession } from '../smtp/session.ts'
import type { SmtpServer } from '../smtp/smtp-url.ts'
import type { Timeouts } from '../smtp/timeouts.ts'
import { CIRCUIT_OPEN, CircuitOpen, createRelayAttempts, deferral, saysNothing } from './relay-attempts.ts'
import { createRelayCircuit } from './relay-circuit.ts'
import { createRelayForms, type RelayForms } from './relay-forms.ts'
import type { RelayLimits } from './relay-limits.ts'
import { createSessionPool, type SessionPool } from './session-pool.ts'

/**
 * Called when a faulty relay is back: `few` when it can be reached, so that some waiting mails may try it,
 * then `all` when a mail has gone through.
 */
export type OnBack = (ready: 'few' | 'all', server: SmtpServer) => void

/** One relay: a connection pool behind a circuit breaker. */
export interface Relay {
  readonly server: SmtpServer
  /**
   * Never throws. While the circuit is open, or a mail probes it, other mails fail at once.
   * @param withinMs set when another relay follows: the mail is given up if its text has not begun by then
   */
  handOver(mail: OutgoingMail, withinMs?: number): Promise<RelayAnswer>
  /** How it stands now, as this mailer sees it. */
  status(): RelayStatus
  close(): void
}

const PROBE_BANNER_MS = 60_000

const REFUSING = deferral(
  'The SMTP server refused many mails in a row; it is tried again with one of them soon.',
)

/** Hides from the circuit breaker an answer that says nothing about the relay. */
class NoVerdict extends Error {
  override readonly name = 'NoVerdict'
  readonly answer: RelayAnswer
  constructor(answer: RelayAnswer) {
    super('The relay was not asked.')
    this.answer = answer
  }
}

export function createRelay(server: SmtpServer, limits: RelayLimits, onBack: OnBack = () => {}): Relay {
  const forms = createRelayForms(server)
  const pool = poolOf(server, limits, forms, () => circuit.isOpen)
  const attempts = createRelayAttempts(pool, forms)
  const share = createRefusedShare(limits)

  const circuit = createRelayCircuit({
    limits,
    connect: tryToConnect,
    onOpened: () => {
      wasAtFault = true
      // Mails that wait for a connection fail at once instead of finding out one by one.
      pool.failWaiting(new CircuitOpen())
    },
    onClosed: () => onBack('few', server),
  })
  let wasAtFault = false
  // Wall-clock time at which the relay last began or ended to refuse everybody.
  let refusingSinceMs: number | undefined

  async function tryToConnect(): Promise<{ readonly serverFault: boolean }> {
    try {
      await pool.connect()
      return { serverFault: false }
    } catch (error) {
      return classifyFailure(smtpFailureOf(error))
    }
  }

  return {
    server,
    async handOver(mail, withinMs) {
      circuit.want()
      if (circuit.isProbed) return CIRCUIT_OPEN
      if (!share.mayTry()) return REFUSING
      const isProbe = circuit.isOpen
      let answer: RelayAnswer
      try {
        answer = await circuit.execute(async () => {
          const given = await (withinMs === undefined
            ? attempts.make(mail)
            : attempts.makeWithin(mail, withinMs))
          if (!isProbe && saysNothing(given, mail.cutOff)) throw new NoVerdict(given)
          return given
        })
      } catch (error) {
        answer = error instanceof NoVerdict ? error.answer : CIRCUIT_OPEN
      }
      const wasRefusing = share.isOpen
      if (share.judged(mail.to, answer)) wasAtFault = true
      if (share.isOpen !== wasRefusing) refusingSinceMs = Date.now()
      if (wasAtFault && answer.outcome === 'sent') {
        wasAtFault = false
        onBack('all', server)
      }
      // A relay that knows nobody is no evidence about a single recipient.
      return share.isOpen && answer.outcome === 'rejected' ? { ...answer, outcome: 'deferred' } : answer
    },
    status() {
      const state = circuit.isOpen ? 'open' : share.isOpen ? 'refusing' : 'closed'
      const changedAtMs = Math.max(circuit.changedAtMs ?? 0, refusingSinceMs ?? 0)
      const since = changedAtMs === 0 ? null : new Date(changedAtMs).toISOString()
      return { host: server.host, port: server.port, circuit: state, since }
    },
    close() {
      circuit.close()
      pool.close()
    },
  }
}

function poolOf(
  server: SmtpServer,
  limits: RelayLimits,
  { mayPipeline, mayChunk }: RelayForms,
  isProbe: () => boolean,
): SessionPool {
  const timeouts = { ...limits.timeouts, ...server.timeouts }
  const { groupSilenceMs, resolve } = limits
  const session = { timeouts, groupSilenceMs, resolve, mayPipeline, mayChunk }
  return createSessionPool({
    open: () => openSession(server, isProbe() ? { ...session, timeouts: probeTimeouts(timeouts) } : session),
    maxSessions: server.maxConnections ?? limits.maxSessions,
    maxSlow: server.slowConnections ?? limits.maxSlow,
    mailsPerSession: server.mailsPerConnection ?? limits.mailsPerSession,
    slowAfterMs: limits.slowAfterMs,
    maxWaiting: limits.maxWaiting,
    stalledAfterMs: limits.stalledAfterMs,
    maxWaitMs: limits.maxWaitMs,
    ratePerSecond: server.ratePerSecond,
  })
}

/** Timeouts of a probe. It waits less for the banner, because a relay that hung may be back before. */
export function probeTimeouts(timeouts: Timeouts): Timeouts {
  return { ...timeouts, bannerMs: Math.min(timeouts.bannerMs, PROBE_BANNER_MS) }
}
