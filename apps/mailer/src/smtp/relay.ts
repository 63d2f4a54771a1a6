import type { RelayStatus } from '@emailauth/contracts/service-status'
import { CutOff } from './cut-off.ts'
import { classifyFailure, type SmtpFailure } from './failure.ts'
import type { OutgoingMail, RelayAnswer } from './hand-over.ts'
import { createRefusedShare } from './refusals/refused-share.ts'
import { createRelayCircuit } from './relay-circuit.ts'
import { createRelayForms } from './relay-forms.ts'
import type { RelayLimits } from './relay-limits.ts'
import { openSession } from './session.ts'
import { createSessionPool } from './session-pool.ts'
import type { SmtpServer } from './smtp-url.ts'
import type { Timeouts } from './timeouts.ts'
import { answerOf, wantsNewConnection } from './transaction-verdict.ts'
import { NoConnectionFree } from './waiting-mails.ts'

/**
 * Called when a faulty relay is back: `few` when it can be reached, so that some waiting mails may try it,
 * then `all` when a mail has gone through.
 */
export type OnBack = (ready: 'few' | 'all') => void

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

/** Extra connections for one mail: one may be worn out, and the next may not support pipelining. */
const MORE_CONNECTIONS = 2
const PROBE_BANNER_MS = 60_000

const CIRCUIT_OPEN = deferral('The SMTP server did not answer lately; it is asked again soon.')
const REFUSING = deferral(
  'The SMTP server refused many mails in a row; it is tried again with one of them soon.',
)
const BUSY = deferral('All connections to the SMTP server are in use; the mail waits.')
const SILENT = deferral('The SMTP server did not answer in time; another one was asked.')
class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/** Hides an answer from the circuit breaker, because it proves neither a working relay nor a broken one. */
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
  const sessionOptions = {
    timeouts: { ...limits.timeouts, ...server.timeouts },
    groupSilenceMs: limits.groupSilenceMs,
    resolve: limits.resolve,
    mayPipeline: forms.mayPipeline,
    mayChunk: forms.mayChunk,
  }
  const { timeouts } = sessionOptions
  const pool = createSessionPool({
    open: () =>
      openSession(
        server,
        circuit.isOpen ? { ...sessionOptions, timeouts: probeTimeouts(timeouts) } : sessionOptions,
      ),
    maxSessions: server.maxConnections ?? limits.maxSessions,
    maxSlow: server.slowConnections ?? limits.maxSlow,
    mailsPerSession: server.mailsPerConnection ?? limits.mailsPerSession,
    slowAfterMs: limits.slowAfterMs,
    maxWaiting: limits.maxWaiting,
    stalledAfterMs: limits.stalledAfterMs,
    maxWaitMs: limits.maxWaitMs,
    ratePerSecond: server.ratePerSecond,
  })
  const share = createRefusedShare(limits)

  const circuit = createRelayCircuit({
    limits,
    connect: tryToConnect,
    onOpened: () => {
      wasAtFault = true
      // Mails that wait for a connection fail at once instead of finding out one by one.
      pool.failWaiting(new CircuitOpen())
    },
    onClosed: () => onBack('few'),
  })
  let wasAtFault = false
  // Wall-clock time at which the relay last began or ended to refuse everybody.
  let refusingSinceMs: number | undefined

  async function tryToConnect(): Promise<{ readonly serverFault: boolean }> {
    try {
      await pool.connect()
      return { serverFault: false }
    } catch (error) {
      return classifyFailure(error as SmtpFailure)
    }
  }

  async function attempt(mail: OutgoingMail): Promise<RelayAnswer> {
    try {
      let passed = await pool.send(mail)
      forms.note(passed)
      for (let i = 0; i < MORE_CONNECTIONS && wantsNewConnection(passed, mail.cutOff); i++) {
        passed = await pool.send(mail, true)
        forms.note(passed)
      }
      return answerOf(passed, mail.cutOff)
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      if (error instanceof NoConnectionFree) return BUSY
      return { ...classifyFailure(error as SmtpFailure, mail.cutOff.isCut), maybeSent: false }
    }
  }

  /** An attempt while another relay could take the mail. */
  async function attemptWithin(mail: OutgoingMail, ms: number): Promise<RelayAnswer> {
    const { cutOff: whole } = mail
    const cutOff = new CutOff(whole)
    const startedAtMs = performance.now()
    const late = setTimeout(() => cutOff.cut(), ms)
    whole.onCut = (afterDot) => cutOff.cut(afterDot)
    const answer = await attempt({ ...mail, cutOff })
    clearTimeout(late)
    whole.onCut = undefined
    if (answer.outcome === 'sent' || !cutOff.isCut || whole.isCut) return answer
    return { ...SILENT, serverFault: pool.lastAnswerAtMs < startedAtMs }
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
          const given = await (withinMs === undefined ? attempt(mail) : attemptWithin(mail, withinMs))
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
        onBack('all')
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

/** Those of a probe: it waits less for the banner, as a relay that hung at its start may be back before. */
export function probeTimeouts(timeouts: Timeouts): Timeouts {
  return { ...timeouts, bannerMs: Math.min(timeouts.bannerMs, PROBE_BANNER_MS) }
}

function saysNothing(answer: RelayAnswer, { isCut }: CutOff): boolean {
  return answer === CIRCUIT_OPEN || answer === BUSY || (isCut && answer.outcome !== 'sent')
}

function deferral(reply: string): RelayAnswer {
  return { outcome: 'deferred', reply, serverFault: false, maybeSent: false }
}
