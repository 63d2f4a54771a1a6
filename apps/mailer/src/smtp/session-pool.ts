import { givenUp } from './cut-off.ts'
import type { SmtpFailure } from './failure.ts'
import type { OutgoingMail } from './hand-over.ts'
import { createPace } from './pace.ts'
import type { SmtpSession } from './session.ts'
import { createSessionRoom, type SessionRoomOptions } from './session-room.ts'
import { isAscii, type Sent } from './transaction.ts'
import { createWaitingMails, NoConnectionFree, type Passed, type WaitingMail } from './waiting-mails.ts'

export interface PoolOptions extends SessionRoomOptions {
  readonly open: () => Promise<SmtpSession>
  /** Mails on one connection before it is closed. Relays have such a limit themselves. */
  readonly mailsPerSession: number
  /** Mails that may wait for a connection, and how long: without progress, and in all. */
  readonly maxWaiting: number
  readonly stalledAfterMs: number
  readonly maxWaitMs: number
  readonly ratePerSecond?: number | undefined
}

/** A bounded set of sessions with one relay. */
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
  /** Rejects every mail that waits for a connection. */
  failWaiting(error: Error): void
  close(): void
}

interface PooledSession {
  readonly session: SmtpSession
  /** Sessions are numbered in the order in which they open. */
  readonly serial: number
  used: number
  refusals: number
  /** When its current mail began. Undefined while idle. */
  busySinceMs: number | undefined
}

/**
 * A session is closed after this many refusals, because servers slow down a connection with many of them.
 * Postfix does after 10, and each bad recipient counts as two.
 */
const REFUSALS_PER_SESSION = 4
const LOOK_EVERY_MS = 500

export function createSessionPool(options: PoolOptions): SessionPool {
  const { open, maxSessions, slowAfterMs, mailsPerSession, ratePerSecond } = options
  const pooled = new Set<PooledSession>()
  const openings = new Set<{ readonly atMs: number }>()
  const room = createSessionRoom(options, { pooled, opening: openings })
  const waiting = createWaitingMails()
  const pace = ratePerSecond === undefined ? undefined : createPace(ratePerSecond)
  let serials = 0
  let closed = false
  let lastAnswerAtMs = performance.now()
  let timer: NodeJS.Timeout | undefined

  /** Gives waiting mails to idle sessions, and opens as many new ones as needed and allowed. */
  function pump(): void {
    let idle: PooledSession | undefined
    for (const entry of pooled) {
      if (waiting.size === 0) return
      if (entry.busySinceMs !== undefined) continue
      if (!entry.session.open) {
        pooled.delete(entry)
        continue
      }
      const next = waiting.takeFor(entry)
      if (next !== undefined) give(entry, next)
      else idle = entry
    }
    while (openings.size < waiting.size) {
      if (!room.hasRoom()) {
        if (idle === undefined) break
        // The waiting mails need new connections.
        retire(idle)
        idle = undefined
      } else void openOne().then(pump, onFailedOpening)
    }
    if (waiting.size > 0) timer ??= setInterval(look, Math.min(LOOK_EVERY_MS, slowAfterMs))
  }

  /** Runs while mails wait: finds slow sessions, and rejects mails that have waited too long. */
  function look(): void {
    const stalled = performance.now() - lastAnswerAtMs > options.stalledAfterMs
    waiting.failAfter(stalled ? Math.min(options.stalledAfterMs, options.maxWaitMs) : options.maxWaitMs)
    pump()
    if (waiting.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  async function openOne(): Promise<PooledSession> {
    const opening = { atMs: performance.now() }
    const serial = ++serials
    openings.add(opening)
    try {
      const session = await open()
      const entry = { session, serial, used: 0, refusals: 0, busySinceMs: undefined }
      lastAnswerAtMs = performance.now()
      if (closed) session.quit()
      else pooled.add(entry)
      return entry
    } finally {
      openings.delete(opening)
    }
  }

  function onFailedOpening(error: unknown): void {
    for (const entry of pooled) if (!entry.session.open) pooled.delete(entry)
    const others = pooled.size + openings.size
    const wasRefused = (error as SmtpFailure).responseCode !== undefined
    // The relay's connections are all in use, so the mails wait for one of them.
    if (pooled.size > 0 || (wasRefused && others > 0)) {
      room.noteFull(others)
    } else waiting.takeFirst()?.failed(error)
    pump()
  }

  function give(entry: PooledSession, { mail, passed }: WaitingMail): void {
    const { session } = entry
    if (!session.takesUtf8 && !isAscii(mail.to)) {
      passed({ sent: 'unfit', reused: false })
      return
    }
    const reused = entry.used++ > 0
    entry.busySinceMs = performance.now()
    mail.cutOff.onCut = () => session.giveUp()
    session.send(mail, (sent) => {
      mail.cutOff.onCut = undefined
      entry.busySinceMs = undefined
      noteAnswer(entry, sent)
      if (!session.open) pooled.delete(entry)
      else if (isWornOut(entry)) retire(entry)
      passed({ sent, reused })
      pump()
    })
  }

  function noteAnswer(entry: PooledSession, sent: Sent): void {
    if ('error' in sent) {
      if (sent.error.responseCode === undefined) return
      // A relay that refuses MAIL on a used connection wants it closed.
      entry.refusals += sent.error.command === 'MAIL FROM' ? REFUSALS_PER_SESSION : 1
    }
    lastAnswerAtMs = performance.now()
  }

  function isWornOut({ used, refusals }: PooledSession): boolean {
    if (closed || used >= mailsPerSession || refusals >= REFUSALS_PER_SESSION) return true
    // It was opened beside slow sessions that are not slow any more.
    return pooled.size > maxSessions && waiting.size === 0
  }

  function retire(entry: PooledSession): void {
    pooled.delete(entry)
    entry.session.quit()
  }

  function isStalled(): boolean {
    const { first } = waiting
    const nowMs = performance.now()
    return (
      first !== undefined &&
      nowMs - first.sinceMs > options.stalledAfterMs / 2 &&
      nowMs - lastAnswerAtMs > options.stalledAfterMs &&
      !room.hasRoom()
    )
  }

  function pass(mail: OutgoingMail, fresh: boolean): Promise<Passed> {
    return new Promise((passed, failed) => {
      if (mail.cutOff.isCut) return failed(givenUp())
      if (waiting.size - openings.size >= options.maxWaiting || isStalled())
        return failed(new NoConnectionFree())
      const newerThan = fresh ? serials : undefined
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
      await openOne()
      pump()
    },
    get lastAnswerAtMs() {
      return lastAnswerAtMs
    },
    failWaiting(error) {
      waiting.failAll(error)
    },
    close() {
      closed = true
      clearInterval(timer)
      for (const entry of pooled) if (entry.busySinceMs === undefined) retire(entry)
    },
  }
}
