import { useState } from 'react'
import { clock } from './clock.ts'
import { type Failure, toFailure } from './failure.ts'
import { useReportOutage } from './outages.ts'

interface Outcome<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly loading: boolean
}

/** What is known of something that is asked for again and again. */
export interface LastKnown<T> {
  /** The last good answer; it stays when a later question fails. */
  readonly data: T | undefined
  /** The answer is to the question before this one, whose own answer is still on its way. */
  readonly stale: boolean
  readonly failure: Failure | undefined
  /** Since when it has failed, Unix milliseconds. */
  readonly failingSince: number | undefined
}

type Kept<T> = Omit<LastKnown<T>, 'stale'> & { readonly question: string; readonly source: unknown }

/**
 * Keeps the last good answer while the same question is asked anew or fails. After a failed question that is a new one, nothing is
 * known: the old answer would belong to other filters.
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
  // With nothing to show, the page itself says why.
  useReportOutage(kept.data === undefined ? undefined : kept.failure, kept.failingSince)
  return { ...kept, stale: question !== kept.question }
}
