import { useEffect, useId } from 'react'
import type { Failure } from './failure.ts'
import { createStore } from './store.ts'

/** A repeated query that fails at the moment. */
export interface Outage {
  readonly failure: Failure
  /** Age of the shown data: time of the last success, or of the first failure. Unix milliseconds. */
  readonly since: number
}

const failing = new Map<string, Outage>()

/** The longest outage, or undefined. One strip shows it, however many parts of the page fail. */
export const outage = createStore<Outage | undefined>(undefined)

function publish(): void {
  const all = [...failing.values()].sort((a, b) => a.since - b.since)
  const [first] = all
  const current = outage.get()
  // A strip whose text changes with every answer is unreadable.
  if (first?.since === current?.since && first?.failure.kind === current?.failure.kind) return
  outage.set(first)
}

/** Reports to the outage strip that a part of the page fails, until it recovers or unmounts. */
export function useReportOutage(failure: Failure | undefined, since: number | undefined): void {
  const id = useId()
  useEffect(() => {
    if (failure === undefined || since === undefined) return
    failing.set(id, { failure, since })
    publish()
    return () => {
      failing.delete(id)
      // A failure that returns within the same turn was no recovery.
      queueMicrotask(publish)
    }
  }, [id, failure, since])
}
