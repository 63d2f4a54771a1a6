import { useState } from 'react'
import { clock } from './clock.ts'
import { type Failure, toFailure } from './failure.ts'
import { useReportOutage } from './outages.ts'

interface Outcome<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly loading: boolean
}

/** The last known result of a repeated query. */
export interface LastKnown<T> {
  /** The last good answer. A later failure keeps it. */
  readonly data: T | undefined
  /** The answer belongs to the previous query, while the current one still loads. */
  readonly stale: boolean
  readonly failure: Failure | undefined
  /** Time of the first failure, Unix milliseconds. */
  readonly failingSince: number | undefined
}

type Kept<T> = Omit<LastKnown<T>, 'stale'> & { readonly question: string; readonly source: unknown }

/**
 * Keeps the last good answer while the same query is repeated or fails. When a changed query fails nothing is
 * known, because the old answer has other filters.
 */
export function useLastKnown<T>(question: string, { data, error, loading }: Outcome<T>): LastKnown<T> {
  const [kept, keep] = useState<Kept<T>>({
    question,
    source: undefined,
    data: undefined,
    failure: undefined,
    failingSince: undefined,
  })
  const source = error ?? data
  if (!loading && source !== undefined && (source !== kept.source || question !== kept.question)) {
    const same = question === kept.question
    keep(
      error === undefined
        ? { question, source, data, failure: undefined, failingSince: undefined }
        : {
            question,
            source,
            data: same ? kept.data : undefined,
            failure: toFailure(error),
            failingSince: (same ? kept.failingSince : undefined) ?? clock.now(),
          },
    )
  }
  // Without data the page itself shows the failure.
  useReportOutage(kept.data === undefined ? undefined : kept.failure, kept.failingSince)
  return { ...kept, stale: question !== kept.question }
}
