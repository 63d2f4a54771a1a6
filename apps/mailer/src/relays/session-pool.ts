import { givenUp } from '../smtp/cut-off.ts'
import type { OutgoingMail } from '../smtp/hand-over.ts'
import { isAscii } from '../smtp/transaction.ts'
import { createPace } from './pace.ts'
import { createPooledSessions, type PooledSession, type PooledSessionsOptions } from './pooled-sessions.ts'
import { createWaitingMails, NoConnectionFree, type Passed, type WaitingMail } from './waiting-mails.ts'

export interface PoolOptions extends PooledSessionsOptions {
  /** Mails that may wait for a connection. */
  readonly maxWaiting: number
  /** A mail waits no longer than this while the relay answers nobody. */
  readonly stalledAfterMs: number
  /** A mail never waits longer than this. */
  readonly maxWaitMs: number
  readonly ratePerSecond?: number | undefined
}

/** A bounded set of sessions with one relay, and the mails that wait for one. */
export interface SessionPool {
  /**
   * Sends a mail through a session. Rejects when the mail is cut, or no connection can be had.
   * @param fresh only through a connection that is opened after this call
   */
  send(mail: OutgoingMail, fresh?: boolean): Promise<Passed>
  /** Opens a connection in advance. Rejects when that fails. */
  connect(): Promise<void>
  /** When the relay last answered anything (`performance.now()`). */
  readonly lastAnswerAtMs: number
  /** It has answered nobody for so long that mails wait in vain, if any do. */
  readonly isSilent: boolean
  /** Rejects every mail that waits for a connection. */
  failWaiting(error: Error): void
  close(): void
}

/** How often mails that wait are looked at, in ms, when no session ends. */
const LOOK_EVERY_MS = 500

/** Gives mails that wait to the sessions with a relay, in turn, and opens as many sessions as they need. */
export function createSessionPool(options: PoolOptions): SessionPool {
  const { slowAfterMs, stalledAfterMs, maxWaitMs, ratePerSecond } = options
  const sessions = createPooledSessions(options)
  const waiting = createWaitingMails()
  const pace = ratePerSecond === undefined ? undefined : createPace(ratePerSecond)
  let timer: NodeJS.Timeout | undefined

  /** Gives waiting mails to idle sessions, and opens as many new ones as needed and allowed. */
  function pump(): void {
    const idle = giveToIdle()
    openMore(idle)
    if (waiting.size > 0) timer ??= setInterval(look, Math.min(LOOK_EVERY_MS, slowAfterMs))
  }

  /** Answers a session that suits none of the mails that wait on. */
  function giveToIdle(): PooledSession | undefined {
    let idle: PooledSession | undefined
    for (const entry of sessions.all) {
      if (waiting.size === 0) return undefined
      if (entry.busySinceMs !== undefined) continue
      if (!entry.session.open) {
        sessions.drop(entry)
        continue
      }
      const next = waiting.takeFor(entry)
      if (next !== undefined) give(entry, next)
      else idle = entry
    }
    return idle
  }

  /** @param unfit a session that makes room when there is none, because the mails need new connections */
  function openMore(unfit: PooledSession | undefined): void {
    let idle = unfit
    while (sessions.opening < waiting.size) {
      if (!sessions.hasRoom()) {
        if (idle === undefined) return
        sessions.retire(idle)
        idle = undefined
      } else void sessions.open().then(pump, onFailedOpening)
    }
  }

  /** Runs while mails wait: finds slow sessions, and rejects mails that have waited too long. */
  function look(): void {
    waiting.failAfter(isSilent(performance.now()) ? Math.min(stalledAfterMs, maxWaitMs) : maxWaitMs)
    pump()
    if (waiting.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  function onFailedOpening(error: unknown): void {
    if (!sessions.isFull(error)) waiting.takeFirst()?.failed(error)
    pump()
  }

  function give(entry: PooledSession, { mail, passed }: WaitingMail): void {
    const { session } = entry
    if (!session.takesUtf8 && !isAscii(mail.to)) {
      passed({ sent: 'unfit', reused: false })
      return
    }
    const reused = sessions.begin(entry)
    mail.cutOff.onCut = () => session.giveUp()
    session.send(mail, (sent) => {
      mail.cutOff.onCut = undefined
      sessions.end(entry, sent, waiting.size > 0)
      passed({ sent, reused })
      pump()
    })
  }

  function isSilent(nowMs: number): boolean {
    return nowMs - sessions.lastAnswerAtMs > stalledAfterMs
  }

  /** Whether a further mail would only wait in vain: the first one waits, and the relay answers nobody. */
  function isStalled(): boolean {
    const { first } = waiting
    const nowMs = performance.now()
    return (
      first !== undefined &&
      nowMs - first.sinceMs > stalledAfterMs / 2 &&
      isSilent(nowMs) &&
      !sessions.hasRoom()
    )
  }

  function pass(mail: OutgoingMail, fresh: boolean): Promise<Passed> {
    return new Promise((passed, failed) => {
      if (mail.cutOff.isCut) return failed(givenUp())
      if (waiting.size - sessions.opening >= options.maxWaiting || isStalled())
        return failed(new NoConnectionFree())
      const newerThan = fresh ? sessions.newest : undefined
      const one = { mail, newerThan, sinceMs: performance.now(), passed, failed }
      mail.cutOff.onCut = () => {
        if (waiting.remove(one)) failed(givenUp())
      }
      waiting.add(one)
      pump()
    })
  }

  return {
    send(mail, fresh = false) {
      if (pace === undefined) return pass(mail, fresh)
      return pace(mail.cutOff).then(() => pass(mail, fresh))
    },
    async connect() {
      await sessions.open()
      pump()
    },
    get lastAnswerAtMs() {
      return sessions.lastAnswerAtMs
    },
    get isSilent() {
      return isSilent(performance.now())
    },
    failWaiting(error) {
      waiting.failAll(error)
    },
    close() {
      clearInterval(timer)
      sessions.close()
    },
  }
}
