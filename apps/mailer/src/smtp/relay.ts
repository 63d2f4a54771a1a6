import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel'
import { CutOff } from './cut-off.ts'
import { classifyFailure, type SmtpFailure } from './failure.ts'
import type { OutgoingMail, RelayAnswer } from './hand-over.ts'
import { createRefusedShare } from './refusals/refused-share.ts'
import type { RelayLimits } from './relay-limits.ts'
import { openSession } from './session.ts'
import { createSessionPool, NoConnectionFree, type Passed } from './session-pool.ts'
import type { SmtpServer } from './smtp-url.ts'
import { NOT_IN_A_GROUP, type SendFailure } from './transfer.ts'

/**
 * Told when a relay that was at fault is back: first that it can be reached (`few`: what waits for it may try with some mails), then
 * that a mail has gone through (`all`).
 */
export type OnBack = (ready: 'few' | 'all') => void

/** One relay: its pool of connections behind a circuit breaker. */
export interface Relay {
  readonly server: SmtpServer
  /**
   * Never throws. While the circuit is open, and while one mail probes it, others are told so at once.
   * @param withinMs another relay follows: a message whose text has not begun to go out by then is given up
   */
  handOver(mail: OutgoingMail, withinMs?: number): Promise<RelayAnswer>
  close(): void
}

/** One may be worn out and the next one unable to take groups of commands. */
const MORE_CONNECTIONS = 2
/** When nobody has wanted a relay for so long, it is probed no more; the next mail does that. */
const WANTED_MS = 60_000
const LOOK_WHETHER_DUE_MS = 250
/** A probe waits for a banner no longer than this; a relay that hung when it began may be back before that. */
const PROBE_BANNER_MS = 60_000
/** A relay that did not understand a group of commands gets them one by one for so long. */
const PIPELINING_OFF_MS = 3_600_000

const CIRCUIT_OPEN = deferral('The SMTP server did not answer lately; it is asked again soon.')
const REFUSING = deferral(
  'The SMTP server refused many mails in a row; it is tried again with one of them soon.',
)
const BUSY = deferral('All connections to the SMTP server are in use; the mail waits.')
const SILENT = deferral('The SMTP server did not answer in time; another one was asked.')
const NO_UTF8 = {
  ...deferral('The SMTP server does not take addresses beyond ASCII.'),
  outcome: 'unfit',
} as const

class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/** Keeps an answer from the circuit breaker: it says neither that the relay works nor that it does not. */
class NoVerdict extends Error {
  override readonly name = 'NoVerdict'
  readonly answer: RelayAnswer
  constructor(answer: RelayAnswer) {
    super('The relay was not asked.')
    this.answer = answer
  }
}

export function createRelay(server: SmtpServer, limits: RelayLimits, onBack: OnBack = () => {}): Relay {
  let pipeliningOffUntilMs = 0
  const sessionOptions = {
    timeouts: { ...limits.timeouts, ...server.timeouts },
    groupSilenceMs: limits.groupSilenceMs,
    resolve: limits.resolve,
    mayPipeline: () => server.pipelining !== false && performance.now() >= pipeliningOffUntilMs,
  }
  const { timeouts } = sessionOptions
  const pool = createSessionPool({
    open: () => openSession(server, isOpen ? probeOptions() : sessionOptions),
    maxSessions: server.maxConnections ?? limits.maxSessions,
    maxSlow: server.slowConnections ?? limits.maxSlow,
    mailsPerSession: server.mailsPerConnection ?? limits.mailsPerSession,
    slowAfterMs: limits.slowAfterMs,
    maxWaiting: limits.maxWaiting,
    stalledAfterMs: limits.stalledAfterMs,
    maxWaitMs: limits.maxWaitMs,
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

  const share = createRefusedShare(limits)

  // The breaker's own state still says open while a probe begins.
  let isOpen = false
  let probing: NodeJS.Timeout | undefined
  let wasAtFault = false
  let wantedAtMs = 0
  breaker.onReset(() => {
    isOpen = false
    stopProbing()
    onBack('few')
  })
  breaker.onBreak(() => {
    isOpen = true
    wasAtFault = true
    // Mails that still wait for a connection need not each find out by themselves.
    pool.failWaiting(new CircuitOpen())
    // Mails that wait for their next attempt may have long pauses before them, so it is not left to them to find out.
    probing ??= setInterval(probe, Math.min(limits.firstProbeMs, LOOK_WHETHER_DUE_MS)).unref()
  })

  function probeOptions() {
    return {
      ...sessionOptions,
      timeouts: { ...timeouts, bannerMs: Math.min(timeouts.bannerMs, PROBE_BANNER_MS) },
    }
  }

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
      let passed = await pool.send(mail)
      for (let i = 0; i < MORE_CONNECTIONS && wantsNewConnection(passed, mail.cutOff); i++) {
        if (isNotForGroups(passed)) pipeliningOffUntilMs = performance.now() + PIPELINING_OFF_MS
        passed = await pool.send(mail, true)
      }
      return answerOf(passed, mail.cutOff)
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      if (error instanceof NoConnectionFree) return BUSY
      return { ...classifyFailure(error as SmtpFailure, mail.cutOff.isCut), maybeSent: false }
    }
  }

  /** The attempt of a mail that another relay would take. */
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
      wantedAtMs = performance.now()
      if (breaker.state === CircuitState.HalfOpen) return CIRCUIT_OPEN
      if (!share.mayTry()) return REFUSING
      const isProbe = breaker.state === CircuitState.Open
      let answer: RelayAnswer
      try {
        answer = await breaker.execute(async () => {
          const given = await (withinMs === undefined ? attempt(mail) : attemptWithin(mail, withinMs))
          if (!isProbe && saysNothing(given, mail.cutOff)) throw new NoVerdict(given)
          return given
        })
      } catch (error) {
        answer = error instanceof NoVerdict ? error.answer : CIRCUIT_OPEN
      }
      if (share.judged(mail.to, answer)) wasAtFault = true
      if (wasAtFault && answer.outcome === 'sent') {
        wasAtFault = false
        onBack('all')
      }
      // A relay that knows nobody is no evidence about anybody.
      return share.isOpen && answer.outcome === 'rejected' ? { ...answer, outcome: 'deferred' } : answer
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
  const unanswered = maybeSent && (isCut || sent.error.code === 'ETIMEDOUT')
  return { ...classifyFailure(sent.error, isCut), maybeSent, unanswered }
}

function saysNothing(answer: RelayAnswer, { isCut }: CutOff): boolean {
  return answer === CIRCUIT_OPEN || answer === BUSY || (isCut && answer.outcome !== 'sent')
}

/** Whether the answer is about the connection, not about the mail, so that a new one may give another. */
function wantsNewConnection({ sent, reused }: Passed, { isCut }: CutOff): boolean {
  if (isCut || sent === 'unfit' || !('error' in sent)) return false
  if (sent.error.code === NOT_IN_A_GROUP) return true
  return reused && (saidNothing(sent) || hadEnough(sent))
}

/** An old connection that falls silent is more likely dead than unable to take groups. */
function isNotForGroups({ sent, reused }: Passed): boolean {
  if (sent === 'unfit' || !('error' in sent) || sent.error.code !== NOT_IN_A_GROUP) return false
  return !reused || sent.error.responseCode === 503
}

/** The relay had given the connection up before this mail was asked for. */
function saidNothing({ error, bodyBegan }: SendFailure): boolean {
  return !bodyBegan && (error.responseCode === undefined || error.responseCode === 421)
}

/** The relay takes no more mails on this connection. */
function hadEnough({ error }: SendFailure): boolean {
  return error.command === 'MAIL FROM' && (error.responseCode ?? 0) >= 400
}

function deferral(reply: string): RelayAnswer {
  return { outcome: 'deferred', reply, serverFault: false, maybeSent: false }
}
