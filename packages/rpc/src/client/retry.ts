import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '@emailauth/contracts/problems'
import { jittered } from '@emailauth/service/timing/jittered'
import { LostReply, NotSent } from './transport.ts'
import { unknownEffect } from './unknown-effect.ts'

/** How long one attempt may take, and whether it is the second one. */
export interface Attempt {
  readonly timeoutMs: number
  readonly onNewConnection: boolean
}

/** Least time for a second attempt. */
const SHORTEST_MS = 50

/** Retry policy for lost replies: an idempotent call is made once more, if there is time left. */
export async function retryLostReply<Result>(
  { timeoutMs, withinMs }: { timeoutMs: number; withinMs: number },
  attempt: (how: Attempt) => Promise<Result>,
): Promise<Result> {
  const began = performance.now()
  try {
    return await attempt({ timeoutMs: Math.min(timeoutMs, withinMs), onNewConnection: false })
  } catch (error) {
    const left = withinMs - (performance.now() - began)
    if (!(error instanceof LostReply) || left < SHORTEST_MS) throw error
    return attempt({ timeoutMs: Math.min(timeoutMs, left), onNewConnection: true }).catch((again) => {
      // The first attempt may have taken effect.
      throw again instanceof NotSent ? error : again
    })
  }
}

/** A cut connection or a new master is back after about this time. */
const PAUSE_MS = 100
/** A store that was late for some time needs about this part of it to be back, as on a busy machine. */
const PAUSE_SHARE = 1 / 4
/** The others of the batch wait too. */
const LONGEST_PAUSE_MS = 250
/** Of the pause so much is random and comes on top: all gateways lose a store at the same moment. */
const RANDOM_SHARE = 1 / 2

/**
 * Retry policy for batches: calls that were `unavailable` are sent once more, if there is time left. They
 * may have been done, as when Redis or a replica was merely late, and the second reply has the true outcome.
 * @param send `withinMs` is the time that is left
 * @param pause for tests, like `random`
 */
export async function retryUnavailable<Item, Result extends object>(
  items: readonly Item[],
  withinMs: number,
  send: (items: readonly Item[], withinMs: number) => Promise<Result[]>,
  pause: (ms: number) => Promise<void> = wait,
  random?: () => number,
): Promise<Result[]> {
  const began = performance.now()
  const results = await send(items, withinMs)
  const elapsed = performance.now() - began
  const leastMs = Math.min(Math.max(PAUSE_MS, elapsed * PAUSE_SHARE), LONGEST_PAUSE_MS)
  const pauseMs = jittered(leastMs, leastMs * (1 + RANDOM_SHARE), random)
  const left = withinMs - elapsed - pauseMs
  if (!results.some(isUnavailable) || left < SHORTEST_MS) return results
  await pause(pauseMs)
  const again = items.filter((_, i) => isUnavailable(results[i]))
  const second = await send(again, left).catch(() => [])
  return results.map((result) => {
    if (!isUnavailable(result)) return result
    const next = second.shift()
    if (next === undefined) return result
    return isKnownUndone(result) ? next : unknownEffect(next)
  })
}

function isKnownUndone(result: object): boolean {
  return hasProblem(result) && result.problem.tookEffect === false
}

function isUnavailable(result: object | undefined): boolean {
  return result !== undefined && hasProblem(result) && result.problem.code === 'unavailable'
}

/** The result of a batch has been parsed: a field of this name is a problem. */
const hasProblem = (result: object): result is { problem: Problem } => 'problem' in result
