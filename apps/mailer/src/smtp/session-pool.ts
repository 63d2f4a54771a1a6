import { setTimeout as wait } from 'node:timers/promises'
import { bulkhead } from 'cockatiel'
import type { SmtpSession } from './session.ts'

export interface PoolOptions {
  readonly open: () => Promise<SmtpSession>
  readonly maxSessions: number
  /** Mails that go through one connection before it is closed; servers have such a bound themselves. */
  readonly mailsPerSession: number
  /** Mails that may wait for a connection. */
  readonly maxWaiting: number
  readonly ratePerSecond?: number | undefined
}

/** A bounded set of sessions to one server. */
export interface SessionPool {
  /** Lends a session; it is taken back when `use` ends. `fresh`: one that has not been used. Rejects when aborted or full. */
  run<T>(use: (session: SmtpSession) => Promise<T>, signal: AbortSignal, fresh?: boolean): Promise<T>
  close(): void
}

export function createSessionPool({
  open,
  maxSessions,
  mailsPerSession,
  maxWaiting,
  ratePerSecond,
}: PoolOptions): SessionPool {
  const idle: SmtpSession[] = []
  const slots = bulkhead(maxSessions, maxWaiting)
  let closed = false
  let nextTurnAtMs = 0

  /** Mails leave evenly spaced when the server wants a rate. */
  async function turn(signal: AbortSignal): Promise<void> {
    if (ratePerSecond === undefined) return
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextTurnAtMs)
    nextTurnAtMs = atMs + 1000 / ratePerSecond
    if (atMs > nowMs) await wait(atMs - nowMs, undefined, { signal })
  }

  async function lend(fresh: boolean): Promise<SmtpSession> {
    for (let session = idle.pop(); session !== undefined; session = idle.pop()) {
      if (!session.open) continue
      if (!fresh) return session
      session.quit()
    }
    return open()
  }

  function takeBack(session: SmtpSession): void {
    if (!session.open) return
    if (closed || session.used >= mailsPerSession) session.quit()
    else idle.push(session)
  }

  return {
    async run(use, signal, fresh = false) {
      await turn(signal)
      // The slot checks the signal itself: the queue behind `bulkhead` stands still when a waiting entry is cancelled.
      const lent = slots.execute(async () => {
        signal.throwIfAborted()
        const session = await lend(fresh)
        const cut = () => session.cut()
        signal.addEventListener('abort', cut, { once: true })
        try {
          return await use(session)
        } finally {
          signal.removeEventListener('abort', cut)
          takeBack(session)
        }
      })
      return Promise.race([lent, aborted(signal, lent)])
    },
    close() {
      closed = true
      for (const session of idle.splice(0)) session.quit()
    },
  }
}

/** Rejects when the signal is aborted first, so that a mail does not wait longer for a connection than it may. */
function aborted(signal: AbortSignal, work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason)
    const forget = () => signal.removeEventListener('abort', onAbort)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(forget, forget)
  })
}
