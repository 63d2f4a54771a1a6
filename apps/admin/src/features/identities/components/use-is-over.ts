import { useCallback } from 'react'
import { useNow } from '../../../lib/clock.ts'
import type { Row } from '../identity-list.ts'

const STEP_MS = 5000

/** Whether a row has ended, by an event or by the clock, because the event of an expiry may be late. */
export function useIsOver(): (row: Row) => boolean {
  // Coarse time, so that the table is not drawn again each second.
  const coarseNow = Math.floor(useNow() / STEP_MS) * STEP_MS
  return useCallback(
    ({ identity, end }: Row) => end !== undefined || Date.parse(identity.expiresAt) <= coarseNow,
    [coarseNow],
  )
}
