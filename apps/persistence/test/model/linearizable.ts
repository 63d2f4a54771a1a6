import { type Live, type Operation, step } from './history.ts'

/** A search throws after this many states. Histories of a few dozen operations need a few hundred. */
const MOST_STATES = 200_000

/**
 * Whether a history of one address is linearizable: its operations can be put in an order in which each took
 * effect between its call and its reply. This is the search by Wing and Gong with Lowe's cache of visited
 * states. Linearizability is local, so each address is checked alone.
 *
 * An operation may be next only if no other pending one had its reply before this one was called. From each
 * pair of completed operations and state the search tries all operations that may be next. It visits each
 * pair only once.
 * @throws {Error} when the search has too many states.
 */
export function isLinearizable(history: readonly Operation[]): boolean {
  const seen = new Set<string>()
  const done = new Array<boolean>(history.length).fill(false)

  const search = (left: number, live: Live): boolean => {
    if (left === 0) return true
    const key = `${done.map(Number).join('')} ${live}`
    if (seen.has(key)) return false
    seen.add(key)
    if (seen.size > MOST_STATES) throw new Error(`Undecided after ${MOST_STATES} states.`)
    const open = history.map((operation, at) => ({ operation, at })).filter(({ at }) => !done[at])
    const firstAnswer = Math.min(...open.map(({ operation }) => operation.returnedAt))
    for (const { operation, at } of open) {
      if (operation.invokedAt > firstAnswer) continue
      const next = step(live, operation.event)
      if (next === 'impossible') continue
      done[at] = true
      if (search(left - 1, next.live)) return true
      done[at] = false
    }
    return false
  }

  return search(history.length, null)
}
