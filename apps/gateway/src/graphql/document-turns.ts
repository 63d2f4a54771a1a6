import type { ApolloServerPlugin } from '@apollo/server'
import { ProblemError } from '@emailauth/service/problem-error'
import type { Caller } from '../access/caller.ts'

/**
 * Shares the time in which new documents are parsed and validated. Each takes milliseconds of the event loop,
 * so one tenant with a new document in each call would leave no time for the calls of others. New documents
 * get a quarter of the time. Beyond it they wait, and tenants take turns.
 */
export interface DocumentTurns {
  /**
   * Call it before a new document is parsed. undefined: it may be, at once.
   * @throws {ProblemError} `unavailable` when too many of this caller wait, or its turn does not come soon.
   */
  begin(caller: Caller | undefined): Promise<void> | undefined
  /** A new document has taken so many milliseconds. */
  spent(ms: number): void
}

export interface DocumentTurnsOptions {
  /** Milliseconds. */
  readonly now?: () => number
  /** Calls back after this many milliseconds; 0: in the next turn of the event loop. */
  readonly after?: (ms: number, then: () => void) => void
}

/** Of the time, when callers have many new documents. */
export const SHARE = 0.25
/** What may be spent at once after a rest, in ms: all documents of some programs that start. */
export const SAVED_MS = 100
/** Documents of one tenant that wait, and of all. Each has its body, of 64 KiB at most. */
export const WAITING = { ofOne: 200, inAll: 1000 } as const
/**
 * A document that has begun and is not parsed after this time, because its caller is looked up or it is known
 * by now, keeps the next one waiting no longer.
 */
export const HELD_MS = 50
/** Callers time out, so a document that has waited this long is refused. */
export const MOST_WAIT_MS = 2000

interface Waiting {
  readonly since: number
  readonly begin: () => void
  readonly refuse: (error: Error) => void
}

export function createDocumentTurns(options: DocumentTurnsOptions = {}): DocumentTurns {
  const { now = () => performance.now(), after = later } = options
  /** By caller; the first one is the next. */
  const lines = new Map<string, Waiting[]>()
  let waiting = 0
  let savedMs = SAVED_MS
  let savedAt = now()
  /** A document has begun, or {@link next} is about to run. */
  let isTaken = false
  let turn = 0
  /** The turn of a document that has begun and not been parsed. */
  let open = 0

  function saved(): number {
    const at = now()
    savedMs = Math.min(SAVED_MS, savedMs + (at - savedAt) * SHARE)
    savedAt = at
    return savedMs
  }

  function take(): void {
    isTaken = true
    turn += 1
    open = turn
    const mine = turn
    after(HELD_MS, () => release(mine))
  }

  function release(which: number): void {
    if (which === 0 || which !== open) return
    open = 0
    after(0, next)
  }

  function next(): void {
    isTaken = waiting > 0
    if (!isTaken) return
    const missingMs = -saved()
    if (missingMs >= 0) {
      after(Math.max(1, missingMs / SHARE), next)
    } else {
      take()
      const first = shiftNext()
      if (first === undefined) release(turn)
      else first.begin()
    }
  }

  /** Of each caller in turn; refuses those that have waited too long. */
  function shiftNext(): Waiting | undefined {
    for (const [name, line] of lines) {
      lines.delete(name)
      for (let first = line.shift(); first !== undefined; first = line.shift()) {
        waiting -= 1
        if (now() - first.since < MOST_WAIT_MS) {
          if (line.length > 0) lines.set(name, line)
          return first
        }
        first.refuse(tooMany())
      }
    }
    return undefined
  }

  return {
    begin(caller) {
      if (!isTaken && saved() > 0) return void take()
      const name = nameOf(caller)
      const line = lines.get(name) ?? []
      if (line.length >= WAITING.ofOne || waiting >= WAITING.inAll) return Promise.reject(tooMany())
      lines.set(name, line)
      waiting += 1
      const begun = new Promise<void>((begin, refuse) => line.push({ since: now(), begin, refuse }))
      if (!isTaken) next()
      return begun
    },
    spent(ms) {
      // On a machine that stood still in between, one document would keep all others waiting for as long.
      savedMs = Math.max(-SAVED_MS, saved() - ms)
      release(open)
    },
  }
}

/** Tells the turns how long Apollo has parsed and validated. It does so only for new documents. */
export function timeDocuments<Context extends object>({
  spent,
}: Pick<DocumentTurns, 'spent'>): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      let began = performance.now()
      const ended = async () => spent(performance.now() - began)
      return {
        async parsingDidStart() {
          began = performance.now()
          return async (fault) => (fault === undefined ? undefined : ended())
        },
        validationDidStart: async () => ended,
      }
    },
  }
}

/**
 * All admins share one line, and all strangers: nobody gets more turns by more keys or addresses. No tenant's
 * id has a space.
 */
function nameOf(caller: Caller | undefined): string {
  return caller === undefined ? 'a stranger' : (caller.tenantId ?? 'an admin')
}

function later(ms: number, then: () => void): void {
  if (ms === 0) setImmediate(then)
  else setTimeout(then, ms)
}

function tooMany(): ProblemError {
  const detail =
    'Too many new documents wait. Keep the text of a document the same and send its values as variables, or send fewer at a time.'
  return new ProblemError('unavailable', detail, { retryAfterSeconds: 1, tookEffect: false })
}
