import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { IdentityPageDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'
import { after, FOLLOWED, type IdentityList, toRow, withStates } from '../identity-list.ts'
import { toFilter, type View } from '../view.ts'

const PAGE_SIZE = 100
/** Calls of a search in a row. Then somebody must ask for more, because each costs the services work. */
const SCANS_IN_A_ROW = 250
/** Pause before a failed query is repeated. */
const RETRY_MS = 3000

interface Loaded extends IdentityList {
  /** Identifies the filters of this list. */
  readonly question: string
  readonly endCursor: string | undefined
  /** Cursor from which to follow events. */
  readonly followAfter: string
  /** Identities that a search has read. Undefined: nothing is searched for. */
  readonly scanned: number | undefined
}

/** A search by domain or delivery state. It reads identities page by page, because no index knows these. */
export interface Scan {
  readonly scanned: number
  readonly running: boolean
  stop(): void
  resume(): void
}

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
  const client = useGraphql()
  const visible = usePageVisible()
  const filter = toFilter(view)
  const question = JSON.stringify(filter ?? {})
  const [loaded, setLoaded] = useState<Loaded>()
  const [failed, setFailed] = useState<{ failure: Failure; since: number }>()
  const [loadingMore, setLoadingMore] = useState(false)
  /** Rows at which a search pauses. */
  const [wanted, setWanted] = useState(PAGE_SIZE)
  const [stopped, setStopped] = useState(false)
  const scans = useRef(0)
  const current = loaded?.question === question ? loaded : undefined
  const asked = useRef(question)
  const { tenantId } = view

  const load = useEffectEvent(async (after: string | undefined, known: Loaded | undefined) => {
    const mine = question
    const variables = { first: PAGE_SIZE, after, filter, tenantId, isFirst: known === undefined }
    try {
      // If the mailer fails only its column stays empty.
      const { data, error } = await client.askPartly(
        IdentityPageDocument,
        withoutUndefined(variables) as typeof variables,
      )
      if (asked.current !== mine) return
      if (!data.identities) throw error
      const { nodes, pageInfo, totalCount, scannedCount } = data.identities
      const held = new Set(known?.rows.map(({ identity }) => identity.id))
      const rows = nodes.filter(({ id }) => !held.has(id)).map(toRow)
      const countedTo = data.events?.nodes[0]?.cursor
      setLoaded((latest) => ({
        question: mine,
        rows: known === undefined ? rows : [...(latest?.rows ?? []), ...rows],
        newIds: known === undefined ? new Set() : (latest?.newIds ?? new Set()),
        // Later pages have no newest event, so only the first one's count can be kept up to date.
        total: known === undefined ? totalCount : (latest?.total ?? totalCount),
        countedTo: countedTo ?? (known === undefined ? '0' : (latest?.countedTo ?? '0')),
        endCursor: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
        followAfter: latest?.followAfter ?? data.events?.nodes.at(-1)?.cursor ?? '0',
        scanned:
          scannedCount === null
            ? undefined
            : scannedCount + (known === undefined ? 0 : (latest?.scanned ?? 0)),
      }))
      setFailed(error === undefined ? undefined : { failure: toFailure(error), since: clock.now() })
    } catch (error) {
      if (asked.current !== mine) return
      setFailed((before) => ({ failure: toFailure(error), since: before?.since ?? clock.now() }))
    }
  })

  useEffect(() => {
    asked.current = question
    setFailed(undefined)
    setWanted(PAGE_SIZE)
    setStopped(false)
    scans.current = 0
    void load(undefined, undefined)
  }, [question])

  /** Asks again for the states that the mailer could not give, and fills them into the existing rows. */
  const loadStates = useEffectEvent(async () => {
    const mine = question
    const { data, error } = await client.askPartly(
      IdentityPageDocument,
      withoutUndefined({ first: PAGE_SIZE, filter, tenantId, isFirst: false }) as {
        first: number
        isFirst: boolean
      },
    )
    if (asked.current !== mine || !data.identities) return
    const { nodes } = data.identities
    setLoaded((latest) => latest && { ...latest, ...withStates(latest, nodes) })
    if (error === undefined) setFailed(undefined)
  })

  const mustRetry = failed !== undefined && visible
  const isKnown = current !== undefined
  useEffect(() => {
    if (!mustRetry) return
    const retry = () => (isKnown ? loadStates().catch(() => {}) : load(undefined, undefined))
    const timer = setInterval(() => void retry(), RETRY_MS)
    return () => clearInterval(timer)
  }, [mustRetry, isKnown])

  useEventStream({
    tenantId,
    types: FOLLOWED,
    after: current?.followAfter,
    onBurst: (events) =>
      setLoaded((latest) => {
        if (latest === undefined) return latest
        const next = after(latest, events, view)
        return next === latest ? latest : { ...latest, ...next }
      }),
  })
  useReportOutage(current === undefined ? undefined : failed?.failure, failed?.since)

  const loadNext = useEffectEvent(() => {
    const { endCursor } = current ?? {}
    if (endCursor === undefined || loadingMore) return
    setLoadingMore(true)
    void load(endCursor, current).finally(() => setLoadingMore(false))
  })
  const refresh = useCallback(() => load(undefined, undefined), [])
  const rowCount = current?.rows.length ?? 0
  const loadMore = useCallback(() => {
    scans.current = 0
    setWanted(rowCount + PAGE_SIZE)
    loadNext()
  }, [rowCount])

  // A page of a search may be short although more follow, so the next one is asked for until enough is found.
  const mayScan = current?.scanned !== undefined && current.endCursor !== undefined && rowCount < wanted
  const mustScan = mayScan && !stopped && visible && failed === undefined
  const cursor = current?.endCursor
  useEffect(() => {
    if (!mustScan || loadingMore || cursor === undefined) return
    scans.current++
    if (scans.current > SCANS_IN_A_ROW) setStopped(true)
    else loadNext()
  }, [mustScan, loadingMore, cursor])

  // In an empty list no row can move under the pointer.
  const isEmpty = current?.rows.length === 0 && current.newIds.size > 0 && !mayScan
  useEffect(() => {
    if (isEmpty) void refresh()
  }, [isEmpty, refresh])

  return {
    list: current,
    loading: current === undefined && failed === undefined,
    loadingMore,
    failure: failed?.failure,
    hasMore: current?.endCursor !== undefined,
    scan: mayScan
      ? {
          scanned: current.scanned ?? 0,
          running: !stopped,
          stop: () => setStopped(true),
          resume() {
            scans.current = 0
            setStopped(false)
          },
        }
      : undefined,
    loadMore,
    refresh,
  }
}

function withoutUndefined(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
