import { useMemo } from 'react'
import type { Period } from './range.ts'

/**
 * The same object for the same period: charts are expensive to render, and the page reads its clock every
 * second.
 */
export function useSamePeriod(asked: Period | undefined): Period | undefined {
  const { step, steps = 0, fromMs = 0, toMs = 0 }: Partial<Period> = asked ?? {}
  return useMemo(
    () => (step === undefined ? undefined : { step, steps, fromMs, toMs }),
    [step, steps, fromMs, toMs],
  )
}
