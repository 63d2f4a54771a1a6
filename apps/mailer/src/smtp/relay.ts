import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel'
import type { CutOff } from './cut-off.ts'
import { classifyFailure, type SmtpFailure } from './failure.ts'
import type { OutgoingMail, RelayAnswer } from './hand-over.ts'
import { openSession, type SessionLimits } from './session.ts'
import { createSessionPool, type Passed } from './session-pool.ts'
import type { SmtpServer } from './smtp-url.ts'
import type { SendFailure } from './transfer.ts'

/** Bounds of one relay. */
export interface RelayLimits extends SessionLimits {
  readonly maxSessions: number
  readonly maxWaiting: number
  /** So many faults of the server in a row open its circuit. */
  readonly faultsToOpen: number
  /** An open circuit is probed after so long, then after ever longer, but never after more than the second of these. */
  readonly firstProbeMs: number
  readonly lastProbeMs: number
}

export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  maxSessions: 10,
  maxWaiting: 5000,
  connectionTimeoutMs: 5000,
  greetingTimeoutMs: 5000,
  socketTimeoutMs: 10_000,
  faultsToOpen: 5,
  firstProbeMs: 1000,
  lastProbeMs: 2000,
}

/**
 * Told when a server that was at fault is back: first that it can be reached (`few`: what waits for it may try with some mails), then
 * that a mail has gone through (`all`).
 */
export type OnBack = (ready: 'few' | 'all') => void

/** One SMTP server: its pool of connections behind a circuit breaker. */
export interface Relay {
  readonly server: SmtpServer
  /** Never throws. While the circuit is open, and while one mail probes it, others are told so at once. */
  handOver(mail: OutgoingMail): Promise<RelayAnswer>
  close(): void
}

const MAILS_PER_SESSION = 1000
/** When nobody has wanted a server for so long, it is probed no more; the next mail does that. */
const WANTED_MS = 60_000
const LOOK_WHETHER_DUE_MS = 250
const CIRCUIT_OPEN: RelayAnswer = {
  outcome: 'deferred',
  reply: 'The SMTP server did not answer lately; it is asked again soon.',
  serverFault: false,
  maybeSent: false,
}
const NO_UTF8: RelayAnswer = {
  outcome: 'unfit',
  reply: 'The SMTP server does not take addresses beyond ASCII.',
  serverFault: false,
  maybeSent: false,
}

class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

export function createRelay(server: SmtpServer, limits: RelayLimits, onBack: OnBack = () => {}): Relay {
  const pool = createSessionPool({
    // Mails that still wait for a connection when the circuit opens need not each find out by themselves.
    open: () => (isOpen ? Promise.reject(new CircuitOpen()) : openSession(server, limits)),
    maxSessions: server.maxConnections ?? limits.maxSessions,
    mailsPerSession: MAILS_PER_SESSION,
    maxWaiting: limits.maxWaiting,
    ratePerSecond: server.ratePerSecond,
  })
  const breaker = circuitBreaker(
    handleWhenResult((answer) => (answer as { readonly serverFault: boolean }).serverFault),
    {
      breaker: new ConsecutiveBreaker(limits.faultsToOpen),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: limits.firstProbeMs,
        maxDelay: limits.lastProbeMs,
      }),
    },
  )

  // The breaker's own state still says open while a probe begins.
  let isOpen = false
  let probing: NodeJS.Timeout | undefined
  let wasAtFault = false
  let wantedAtMs = 0
  breaker.onHalfOpen(() => {
    isOpen = false
  })
  breaker.onBreak(() => {
    isOpen = true
    wasAtFault = true
    // Mails that wait for their next attempt may have long pauses before them, so it is not left to them to find out.
    probing ??= setInterval(probe, Math.min(limits.firstProbeMs, LOOK_WHETHER_DUE_MS)).unref()
  })
  breaker.onReset(() => {
    stopProbing()
    onBack('few')
  })

  function stopProbing(): void {
    clearInterval(probing)
    probing = undefined
  }

  function probe(): void {
    if (performance.now() - wantedAtMs > WANTED_MS) stopProbing()
    else if (breaker.state === CircuitState.Open) breaker.execute(tryToConnect).catch(() => {})
  }

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
      const first = await pool.send(mail)
      // A connection that the server gave up before this mail was asked for says nothing about the mail.
      return answerOf(isStale(first, mail.cutOff) ? await pool.send(mail, true) : first, mail.cutOff)
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      return { ...classifyFailure(error as SmtpFailure, mail.cutOff.isCut), maybeSent: false }
    }
  }

  return {
    server,
    async handOver(mail) {
      wantedAtMs = performance.now()
      if (breaker.state === CircuitState.HalfOpen) return CIRCUIT_OPEN
      let answer: RelayAnswer
      try {
        answer = await breaker.execute(() => attempt(mail))
      } catch {
        return CIRCUIT_OPEN
      }
      if (wasAtFault && answer.outcome === 'sent') {
        wasAtFault = false
        onBack('all')
      }
      return answer
    },
    close() {
      stopProbing()
      pool.close()
    },
  }
}

function answerOf({ sent }: Passed, { isCut }: CutOff): RelayAnswer {
  if (sent === 'unfit') return NO_UTF8
  if ('reply' in sent) return { outcome: 'sent', reply: sent.reply, serverFault: false, maybeSent: false }
  const maybeSent = sent.bodyBegan && sent.error.response === undefined
  return { ...classifyFailure(sent.error, isCut), maybeSent }
}

function isStale({ sent, reused }: Passed, { isCut }: CutOff): boolean {
  return reused && !isCut && sent !== 'unfit' && 'error' in sent && saidNothing(sent)
}

function saidNothing({ error, bodyBegan }: SendFailure): boolean {
  return !bodyBegan && (error.responseCode === undefined || error.responseCode === 421)
}
