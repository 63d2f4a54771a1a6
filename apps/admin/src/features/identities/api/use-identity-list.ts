import { useCallback, useEffect } from 'react'
import type { Failure } from '../../../lib/failure.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'
import { after, FOLLOWED, type IdentityList } from '../identity-list.ts'
import type { View } from '../view.ts'
import { useIdentityPages } from './use-identity-pages.ts'
import { type Scan, useScan } from './use-scan.ts'

export interface LiveIdentities {
  /** Undefined until loaded. */
  readonly list: IdentityList | undefined
  readonly loading: boolean
  readonly loadingMore: boolean
  readonly failure: Failure | undefined
  readonly hasMore: boolean
  /** Undefined: no search, or it has filled a page or reached the end. */
  readonly scan: Scan | undefined
  loadMore(): void
  /** Loads the newest identities. Only this moves rows. */
  refresh(): Promise<void>
}

/** Live identities: loaded page by page on scrolling, and updated by events without polling. */
export function useIdentityList(view: View): LiveIdentities {
  const pages = useIdentityPages(view)
  const { list, failed, loadingMore, loadNext, refresh, update } = pages
  useEventStream({
    tenantId: view.tenantId,
    types: FOLLOWED,
    after: list?.followAfter,
    onBurst: (events) =>
      update((latest) => {
        const next = after(latest, events, view)
        return next === latest ? latest : { ...latest, ...next }
      }),
  })
  useReportOutage(list === undefined ? undefined : failed?.failure, failed?.since)

  const { scan, wantMore } = useScan(pages)
  const loadMore = useCallback(() => {
    wantMore()
    loadNext()
  }, [wantMore, loadNext])

  // In an empty list no row can move under the pointer.
  const isEmpty = list?.rows.length === 0 && list.newIds.size > 0 && scan === undefined
  useEffect(() => {
    if (isEmpty) void refresh()
  }, [isEmpty, refresh])

  return {
    list,
    loading: list === undefined && failed === undefined,
    loadingMore,
    failure: failed?.failure,
    hasMore: list?.endCursor !== undefined,
    scan,
    loadMore,
    refresh,
  }
}
