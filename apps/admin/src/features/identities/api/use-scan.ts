import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { createScanBudget } from '../scan-budget.ts'
import { type IdentityPages, PAGE_SIZE } from './use-identity-pages.ts'

/** A search by domain or delivery state. It reads identities page by page, because no index knows these. */
export interface Scan {
  readonly scanned: number
  readonly running: boolean
  stop(): void
  resume(): void
}

/**
 * Reads on while a search has found less than a page. `scan` is undefined without a search, and when it has
 * filled a page or reached the end. `wantMore` lets it find another page.
 */
export function useScan({ question, list, loadingMore, failed, loadNext }: IdentityPages) {
  const visible = usePageVisible()
  /** Rows at which a search pauses. */
  const [wanted, setWanted] = useState(PAGE_SIZE)
  const [stopped, setStopped] = useState(false)
  const [budget] = useState(createScanBudget)
  useEffect(() => {
    setWanted(PAGE_SIZE)
    setStopped(false)
    budget.renew()
  }, [question, budget])

  const rowCount = list?.rows.length ?? 0
  // A page of a search may be short although more follow, so the next one is asked for until enough is found.
  const mayScan = list?.scanned !== undefined && list.endCursor !== undefined && rowCount < wanted
  const mustScan = mayScan && !stopped && visible && failed === undefined
  const cursor = list?.endCursor
  const scanOn = useEffectEvent(() => {
    if (budget.take()) loadNext()
    else setStopped(true)
  })
  useEffect(() => {
    if (mustScan && !loadingMore && cursor !== undefined) scanOn()
  }, [mustScan, loadingMore, cursor])

  const wantMore = useCallback(() => {
    budget.renew()
    setWanted(rowCount + PAGE_SIZE)
  }, [rowCount, budget])
  const scan: Scan | undefined = mayScan
    ? {
        scanned: list.scanned ?? 0,
        running: !stopped,
        stop: () => setStopped(true),
        resume() {
          budget.renew()
          setStopped(false)
        },
      }
    : undefined
  return { scan, wantMore }
}
