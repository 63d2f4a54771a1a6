import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel'
import { classifyFailure, type SmtpFailure } from './failure.ts'
import type { OutgoingMail, RouteAnswer } from './hand-over.ts'
import { openSession, type SessionLimits } from './session.ts'
import { createSessionPool, type Passed } from './session-pool.ts'
import type { SmtpServer } from './smtp-url.ts'
import type { SendFailure } from './transfer.ts'

/** Bounds of one route. */
export interface RouteLimits extends SessionLimits {
  readonly maxSessions: number
  readonly maxWaiting: number
  /** So many faults of the server in a row open its circuit. */
  readonly faultsToOpen: number
  /** An open circuit is probed after so long, then after ever longer. */
  readonly firstProbeMs: number
  readonly lastProbeMs: number
}

export const DEFAULT_ROUTE_LIMITS: RouteLimits = {
  maxSessions: 10,
  maxWaiting: 5000,
  connectionTimeoutMs: 5000,
  greetingTimeoutMs: 5000,
  socketTimeoutMs: 10_000,
  faultsToOpen: 5,
  firstProbeMs: 1000,
  lastProbeMs: 15_000,
}

/** One SMTP server: its pool of connections behind a circuit breaker. */
export interface Route {
  readonly server: SmtpServer
  /** Never throws. While the circuit is open, and while one mail probes it, others are told so at once. */
  handOver(mail: OutgoingMail): Promise<RouteAnswer>
  close(): void
}

const MAILS_PER_SESSION = 1000
const CIRCUIT_OPEN: RouteAnswer = {
  outcome: 'deferred',
  reply: 'The SMTP server did not answer lately; it is asked again soon.',
  serverFault: false,
  maybeSent: false,
}
const NO_UTF8: RouteAnswer = {
  outcome: 'unfit',
  reply: 'The SMTP server does not take addresses beyond ASCII.',
  serverFault: false,
  maybeSent: false,
}

class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

export function createRoute(server: SmtpServer, limits: RouteLimits): Route {
  const pool = createSessionPool({
    // Mails that still wait for a connection when the circuit opens need not each find out by themselves.
    open: () =>
      breaker.state === CircuitState.Open ? Promise.reject(new CircuitOpen()) : openSession(server, limits),
    maxSessions: server.maxConnections ?? limits.maxSessions,
    mailsPerSession: MAILS_PER_SESSION,
    maxWaiting: limits.maxWaiting,
    ratePerSecond: server.ratePerSecond,
  })
  const breaker = circuitBreaker(
    handleWhenResult((answer) => (answer as RouteAnswer).serverFault),
    {
      breaker: new ConsecutiveBreaker(limits.faultsToOpen),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: limits.firstProbeMs,
        maxDelay: limits.lastProbeMs,
      }),
    },
  )

  async function attempt(mail: OutgoingMail): Promise<RouteAnswer> {
    try {
      const first = await pool.send(mail)
      // A connection that the server gave up before this mail was asked for says nothing about the mail.
      return answerOf(isStale(first, mail.signal) ? await pool.send(mail, true) : first, mail.signal)
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      return { ...classifyFailure(error as SmtpFailure, mail.signal.aborted), maybeSent: false }
    }
  }

  return {
    server,
    async handOver(mail) {
      if (breaker.state === CircuitState.HalfOpen) return CIRCUIT_OPEN
      return breaker.execute(() => attempt(mail)).catch(() => CIRCUIT_OPEN)
    },
    close: () => pool.close(),
  }
}

function answerOf({ sent }: Passed, signal: AbortSignal): RouteAnswer {
  if (sent === 'unfit') return NO_UTF8
  if ('reply' in sent) return { outcome: 'sent', reply: sent.reply, serverFault: false, maybeSent: false }
  const maybeSent = sent.bodyBegan && sent.error.response === undefined
  return { ...classifyFailure(sent.error, signal.aborted), maybeSent }
}

function isStale({ sent, reused }: Passed, signal: AbortSignal): boolean {
  return reused && !signal.aborted && sent !== 'unfit' && 'error' in sent && saidNothing(sent)
}

function saidNothing({ error, bodyBegan }: SendFailure): boolean {
  return !bodyBegan && (error.responseCode === undefined || error.responseCode === 421)
}
