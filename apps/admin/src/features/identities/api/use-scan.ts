import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { type IdentityPages, PAGE_SIZE } from './use-identity-pages.ts'

/** Calls of a search in a row. Then somebody must ask for more, because each costs the services work. */
const SCANS_IN_A_ROW = 250

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
  const scans = useRef(0)
  useEffect(() => {
    setWanted(PAGE_SIZE)
    setStopped(false)
    scans.current = 0
  }, [question])

  const rowCount = list?.rows.length ?? 0
  // A page of a search may be short although more follow, so the next one is asked for until enough is found.
  const mayScan = list?.scanned !== undefined && list.endCursor !== undefined && rowCount < wanted
  const mustScan = mayScan && !stopped && visible && failed === undefined
  const cursor = list?.endCursor
  const scanOn = useEffectEvent(() => {
    scans.current++
    if (scans.current > SCANS_IN_A_ROW) setStopped(true)
    else loadNext()
  })
  useEffect(() => {
    if (mustScan && !loadingMore && cursor !== undefined) scanOn()
  }, [mustScan, loadingMore, cursor])

  const wantMore = useCallback(() => {
    scans.current = 0
    setWanted(rowCount + PAGE_SIZE)
  }, [rowCount])
  const scan: Scan | undefined = mayScan
    ? {
        scanned: list.scanned ?? 0,
        running: !stopped,
        stop: () => setStopped(true),
        resume() {
          scans.current = 0
          setStopped(false)
        },
      }
    : undefined
  return { scan, wantMore }
}
