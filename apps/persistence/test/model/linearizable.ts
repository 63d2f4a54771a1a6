import { type Live, type Operation, step } from './history.ts'

/** A search that looks at more states than this gives up, loudly. Histories of a few dozen operations need a few hundred. */
const MOST_STATES = 200_000

/**
 * Whether a history of one address can be explained by its operations taking effect one after the other, each at one moment between its call
 * and its answer (Wing and Gong's search, with Lowe's memory of states seen). Addresses do not touch each other, and linearizability is
 * local, so each address is checked by itself.
 *
 * An operation may be next only if no other one that is still open had been answered before it was called. So the search tries, from each
 * set of operations done and state reached, everything that may be next; it remembers where it has been, because the way there does not matter.
 * @throws {Error} when the history is too tangled to decide.
 */
export function isLinearizable(history: readonly Operation[]): boolean {
  const seen = new Set<string>()
  const done = new Array<boolean>(history.length).fill(false)

  const search = (left: number, live: Live): boolean => {
    if (left === 0) return true
    const place = `${done.map(Number).join('')} ${live}`
    if (seen.has(place)) return false
    seen.add(place)
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
