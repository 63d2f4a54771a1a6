import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel'
import type { NodemailerError } from 'nodemailer'
import { classifyFailure } from './failure.ts'
import type { OutgoingMail, RouteAnswer } from './hand-over.ts'
import { openSession, type SendFailure, type SessionLimits, type SmtpSession } from './session.ts'
import { createSessionPool } from './session-pool.ts'
import type { SmtpServer } from './smtp-url.ts'

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
      const first = await pool.run((session) => through(session, mail), mail.signal)
      // A connection that the server had given up while it was idle says nothing about this mail.
      if (!first.stale) return first.answer
      return (await pool.run((session) => through(session, mail), mail.signal, true)).answer
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      return { ...classifyFailure(error as NodemailerError, mail.signal.aborted), maybeSent: false }
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

async function through(
  session: SmtpSession,
  mail: OutgoingMail,
): Promise<{ answer: RouteAnswer; stale: boolean }> {
  if (!session.takesUtf8 && /[^\p{ASCII}]/u.test(mail.to)) return { answer: NO_UTF8, stale: false }
  const reused = session.used > 0
  const sent = await session.send(mail)
  if ('reply' in sent) {
    return {
      answer: { outcome: 'sent', reply: sent.reply, serverFault: false, maybeSent: false },
      stale: false,
    }
  }
  const { error, bodyBegan } = sent
  const answer = {
    ...classifyFailure(error, mail.signal.aborted),
    maybeSent: bodyBegan && error.response === undefined,
  }
  return { answer, stale: reused && !mail.signal.aborted && isStale(sent) }
}

function isStale({ error, bodyBegan }: SendFailure): boolean {
  return !bodyBegan && (error.responseCode === undefined || error.responseCode === 421)
}
