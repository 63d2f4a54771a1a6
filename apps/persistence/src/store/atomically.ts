import { ProblemError } from '@emailauth/service/http/problem-error'

/** An attempt answers this when another change came between its read and its write. */
export const OVERTAKEN = Symbol('overtaken')

/**
 * Changes something by its id: `attempt` reads it, and writes only if it is still what was read.
 * @throws {ProblemError} `unavailable` when other changes overtook every attempt, or it waited too long for
 * those before it. Then nothing was written.
 */
type Atomically = <Result>(id: string, attempt: () => Promise<Result | typeof OVERTAKEN>) => Promise<Result>

/** Of processes that change one thing at once, at least one succeeds in each attempt. */
const ATTEMPTS = 100
/** Shorter than the gateway's time-out of 2 s: nothing is done for callers who are gone. */
const MOST_WAIT_MS = 1500

/**
 * Runs changes of one id one after another: side by side, all but one would be overtaken. So only changes by
 * other processes need another attempt.
 */
export function createAtomically(now = () => performance.now()): Atomically {
  const lastOf = new Map<string, Promise<unknown>>()
  return async (id, attempt) => {
    const askedAt = now()
    const result = (lastOf.get(id) ?? Promise.resolve()).then(() => {
      if (now() - askedAt > MOST_WAIT_MS) throw tooMany()
      return tryAgain(attempt)
    })
    const ended = result.catch(() => {})
    lastOf.set(id, ended)
    try {
      return await result
    } finally {
      if (lastOf.get(id) === ended) lastOf.delete(id)
    }
  }
}

async function tryAgain<Result>(attempt: () => Promise<Result | typeof OVERTAKEN>): Promise<Result> {
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    const result = await attempt()
    // TypeScript does not exclude a symbol from a type parameter.
    if (result !== OVERTAKEN) return result as Result
  }
  throw tooMany()
}

function tooMany(): ProblemError {
  return new ProblemError('unavailable', 'Too many changes at once; nothing was done.', {
    retryAfterSeconds: 1,
  })
}
