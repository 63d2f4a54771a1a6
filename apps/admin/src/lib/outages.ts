import { useEffect, useId } from 'react'
import type { Failure } from './failure.ts'
import { createStore } from './store.ts'

/** Something that is asked for again and again, and fails at the moment. */
export interface Outage {
  readonly failure: Failure
  /** How old what is shown is: the moment of the last good answer, or of the first failure, Unix milliseconds. */
  readonly since: number
}

const failing = new Map<string, Outage>()

/** The outage that has lasted longest; undefined while everything answers. One place tells it, however many parts of a page meet it. */
export const outage = createStore<Outage | undefined>(undefined)

function publish(): void {
  const all = [...failing.values()].sort((a, b) => a.since - b.since)
  const [first] = all
  const current = outage.get()
  // A strip that changes its words with every answer cannot be read.
  if (first?.since === current?.since && first?.failure.kind === current?.failure.kind) return
  outage.set(first)
}

/** Tells the strip at the top that a part of the page fails, until it does not any more or goes. */
export function useReportOutage(failure: Failure | undefined, since: number | undefined): void {
  const id = useId()
  useEffect(() => {
    if (failure === undefined || since === undefined) return
    failing.set(id, { failure, since })
    publish()
    return () => {
      failing.delete(id)
      // What fails again in the same turn has not recovered between.
      queueMicrotask(publish)
    }
  }, [id, failure, since])
}
