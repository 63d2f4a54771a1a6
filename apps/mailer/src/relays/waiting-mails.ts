import type { OutgoingMail } from '../smtp/hand-over.ts'
import type { Sent } from '../smtp/transaction.ts'

/** The result of a mail, or `unfit`: it was not tried because the relay cannot handle its address. */
export interface Passed {
  readonly sent: Sent | 'unfit'
  /** The connection was used before. */
  readonly reused: boolean
}

/** Rejects a mail that waits for a connection. The next attempt may get one. */
export class NoConnectionFree extends Error {
  override readonly name = 'NoConnectionFree'
}

/** A mail that waits for a session. */
export interface WaitingMail {
  readonly mail: OutgoingMail
  /** Only an unused session with a higher number will do. */
  readonly newerThan: number | undefined
  /** `performance.now()` */
  readonly sinceMs: number
  readonly passed: (passed: Passed) => void
  readonly failed: (error: unknown) => void
}

/** The mails that wait for a session, in the order in which they get one. */
export interface WaitingMails {
  readonly size: number
  readonly first: WaitingMail | undefined
  /** Adds a mail behind the others. One that needs a new session goes before them. */
  add(one: WaitingMail): void
  /** Takes the first mail that this session may send. */
  takeFor(session: { readonly used: number; readonly serial: number }): WaitingMail | undefined
  takeFirst(): WaitingMail | undefined
  /** False: it does not wait any more. */
  remove(one: WaitingMail): boolean
  /** Rejects the mails that have waited for longer than this. */
  failAfter(waitedMs: number): void
  failAll(error: Error): void
}

export function createWaitingMails(): WaitingMails {
  const waiting: WaitingMail[] = []

  function remove(one: WaitingMail): boolean {
    const at = waiting.indexOf(one)
    if (at !== -1) waiting.splice(at, 1)
    return at !== -1
  }

  return {
    get size() {
      return waiting.length
    },
    get first() {
      return waiting[0]
    },
    add(one) {
      if (one.newerThan === undefined) waiting.push(one)
      else waiting.unshift(one)
    },
    takeFor({ used, serial }) {
      for (const [at, { newerThan }] of waiting.entries())
        if (newerThan === undefined || (used === 0 && serial > newerThan)) return waiting.splice(at, 1)[0]
      return undefined
    },
    takeFirst: () => waiting.shift(),
    remove,
    failAfter(waitedMs) {
      const nowMs = performance.now()
      for (const one of [...waiting]) {
        if (nowMs - one.sinceMs <= waitedMs) continue
        remove(one)
        one.failed(new NoConnectionFree())
      }
    },
    failAll(error) {
      for (const one of waiting.splice(0)) one.failed(error)
    },
  }
}
