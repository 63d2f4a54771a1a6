import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/problem-error'

/** The call may have reached the service and taken effect, but its reply did not arrive. */
export class LostReply extends ProblemError {}

/** How long one attempt may take, and whether it is the second one, which needs a connection of its own. */
export interface Attempt {
  readonly timeoutMs: number
  readonly onNewConnection: boolean
}

/** Makes a call that does no harm twice once more when its reply was lost, if there is time left. */
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
    return attempt({ timeoutMs: Math.min(timeoutMs, left), onNewConnection: true })
  }
}

/** With less time than this a second attempt is no use. */
const SHORTEST_MS = 50

/**
 * Calls of a batch that the store could not do at this moment are sent once more: a connection that was cut is back in a moment, and so is a
 * new master. Not when it took long to say so: a store that hangs would only make the caller wait twice.
 */
export async function retryUnavailable<Call, Result extends object>(
  calls: readonly Call[],
  send: (calls: readonly Call[]) => Promise<Result[]>,
): Promise<Result[]> {
  const began = performance.now()
  const results = await send(calls)
  if (!results.some(isUnavailable) || performance.now() - began > SOON_MS) return results
  await wait(PAUSE_MS)
  const again = calls.filter((_, i) => isUnavailable(results[i]))
  const second = await send(again).catch(() => [])
  return results.map((result) => (isUnavailable(result) ? (second.shift() ?? result) : result))
}

const SOON_MS = 100
const PAUSE_MS = 100

function isUnavailable(result: object | undefined): boolean {
  return result !== undefined && 'problem' in result && (result.problem as Problem).code === 'unavailable'
}
