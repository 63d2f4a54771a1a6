import { smtpFailureOf } from '../smtp/failure.ts'
import type { SmtpSession } from '../smtp/session.ts'
import type { Sent } from '../smtp/transaction.ts'
import { createSessionRoom, type SessionRoomOptions } from './session-room.ts'

export interface PooledSessionsOptions extends SessionRoomOptions {
  readonly open: () => Promise<SmtpSession>
  /** Mails on one connection before it is closed. Relays have such a limit themselves. */
  readonly mailsPerSession: number
}

/** A session of a pool. `used` and `refusals` count its mails and those that the relay refused. */
export interface PooledSession {
  readonly session: SmtpSession
  /** Sessions are numbered in the order in which they are opened. */
  readonly serial: number
  used: number
  refusals: number
  /** When its current mail began (`performance.now()`). Undefined while idle. */
  busySinceMs: number | undefined
}

/** The sessions of a pool: which are open, opening, busy or worn out. It knows no mail that waits. */
export interface PooledSessions {
  readonly all: ReadonlySet<PooledSession>
  /** How many are being opened. */
  readonly opening: number
  /** Serial of the last one that began to open. */
  readonly newest: number
  /** When the relay last answered anything (`performance.now()`). */
  readonly lastAnswerAtMs: number
  /** Whether one more may be opened. */
  hasRoom(): boolean
  /** Opens a session. Rejects when that fails. Once this is closed, the session is closed at once. */
  open(): Promise<void>
  /**
   * Learns from an error of `open`. True: the relay's connections seem to be all in use, so a mail can wait
   * for one of the others.
   */
  isFull(error: unknown): boolean
  /** A mail begins on an idle session. True when the session has been used before. */
  begin(entry: PooledSession): boolean
  /**
   * The mail is over. The session is dropped or closed if it must not, or need not, take another one.
   * @param isWanted whether other mails wait for a session
   */
  end(entry: PooledSession, sent: Sent, isWanted: boolean): void
  /** Forgets a session that is closed already. */
  drop(entry: PooledSession): void
  /** Closes an idle session. */
  retire(entry: PooledSession): void
  /** Closes idle sessions now, and each other one after its mail. */
  close(): void
}

/**
 * A session is closed after this many refusals, because servers slow down a connection with many of them.
 * Postfix does after 10, and each bad recipient counts as two.
 */
const REFUSALS_PER_SESSION = 4

export function createPooledSessions(options: PooledSessionsOptions): PooledSessions {
  const { maxSessions, mailsPerSession } = options
  const all = new Set<PooledSession>()
  const openings = new Set<{ readonly atMs: number }>()
  const room = createSessionRoom(options, { pooled: all, opening: openings })
  let newest = 0
  let closed = false
  let lastAnswerAtMs = performance.now()

  function noteAnswer(entry: PooledSession, sent: Sent): void {
    if ('error' in sent) {
      if (sent.error.responseCode === undefined) return
      // A relay that refuses MAIL on a used connection wants it closed.
      entry.refusals += sent.error.command === 'MAIL FROM' ? REFUSALS_PER_SESSION : 1
    }
    lastAnswerAtMs = performance.now()
  }

  function isWornOut({ used, refusals }: PooledSession): boolean {
    return closed || used >= mailsPerSession || refusals >= REFUSALS_PER_SESSION
  }

  function retire(entry: PooledSession): void {
    all.delete(entry)
    entry.session.quit()
  }

  return {
    all,
    get opening() {
      return openings.size
    },
    get newest() {
      return newest
    },
    get lastAnswerAtMs() {
      return lastAnswerAtMs
    },
    hasRoom: room.hasRoom,
    async open() {
      const opening = { atMs: performance.now() }
      const serial = ++newest
      openings.add(opening)
      try {
        const session = await options.open()
        lastAnswerAtMs = performance.now()
        if (closed) session.quit()
        else all.add({ session, serial, used: 0, refusals: 0, busySinceMs: undefined })
      } finally {
        openings.delete(opening)
      }
    },
    isFull(error) {
      for (const entry of all) if (!entry.session.open) all.delete(entry)
      const others = all.size + openings.size
      const wasRefused = smtpFailureOf(error).responseCode !== undefined
      const isFull = all.size > 0 || (wasRefused && others > 0)
      if (isFull) room.noteFull(others)
      return isFull
    },
    begin(entry) {
      entry.busySinceMs = performance.now()
      return entry.used++ > 0
    },
    end(entry, sent, isWanted) {
      entry.busySinceMs = undefined
      noteAnswer(entry, sent)
      if (!entry.session.open) all.delete(entry)
      // One that was opened beside slow sessions is too many when they are not slow any more.
      else if (isWornOut(entry) || (all.size > maxSessions && !isWanted)) retire(entry)
    },
    drop(entry) {
      all.delete(entry)
    },
    retire,
    close() {
      closed = true
      for (const entry of all) if (entry.busySinceMs === undefined) retire(entry)
    },
  }
}
