import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { IdentityPageDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'
import { after, FOLLOWED, type IdentityList, toRow, withStates } from '../identity-list.ts'
import { toFilter, type View } from '../view.ts'

const PAGE_SIZE = 100
/** Pause before a failed query is repeated. */
const RETRY_MS = 3000

interface Loaded extends IdentityList {
  /** Identifies the filters of this list. */
  readonly question: string
  readonly endCursor: string | undefined
  /** Cursor from which to follow events. */
  readonly followAfter: string
}

export interface LiveIdentities {
  /** Undefined until loaded. */
  readonly list: IdentityList | undefined
  readonly loading: boolean
  readonly loadingMore: boolean
  readonly failure: Failure | undefined
  readonly hasMore: boolean
  loadMore(): void
  /** Loads the newest identities. Only this moves rows. */
  refresh(): Promise<void>
}

/** Live identities: loaded page by page on scrolling, and updated by events without polling. */
export function useIdentityList(view: View): LiveIdentities {
  const client = useGraphql()
  const filter = toFilter(view)
  const question = JSON.stringify(filter ?? {})
  const [loaded, setLoaded] = useState<Loaded>()
  const [failed, setFailed] = useState<{ failure: Failure; since: number }>()
  const [loadingMore, setLoadingMore] = useState(false)
  const current = loaded?.question === question ? loaded : undefined
  const asked = useRef(question)
  const { tenantId } = view

  const load = useEffectEvent(async (after: string | undefined, known: Loaded | undefined) => {
    const mine = question
    const variables = { first: PAGE_SIZE, after, filter, tenantId }
    try {
      // If the mailer fails only its column stays empty.
      const { data, error } = await client.askPartly(
        IdentityPageDocument,
        withoutUndefined(variables) as typeof variables,
      )
      if (asked.current !== mine) return
      if (!data.identities) throw error
      const { nodes, pageInfo, totalCount } = data.identities
      const held = new Set(known?.rows.map(({ identity }) => identity.id))
      setLoaded((latest) => ({
        question: mine,
        rows: [
          ...(known === undefined ? [] : (latest?.rows ?? [])),
          ...nodes.filter(({ id }) => !held.has(id)).map(toRow),
        ],
        newIds: known === undefined ? new Set() : (latest?.newIds ?? new Set()),
        total: totalCount,
        countedTo: data.events?.nodes[0]?.cursor ?? '0',
        endCursor: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
        followAfter: latest?.followAfter ?? data.events?.nodes.at(-1)?.cursor ?? '0',
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
    void load(undefined, undefined)
  }, [question])

  /** Asks again for the states that the mailer could not give, and fills them into the existing rows. */
  const loadStates = useEffectEvent(async () => {
    const mine = question
    const { data, error } = await client.askPartly(
      IdentityPageDocument,
      withoutUndefined({ first: PAGE_SIZE, filter, tenantId }) as { first: number },
    )
    if (asked.current !== mine || !data.identities) return
    const { nodes } = data.identities
    setLoaded((latest) => latest && { ...latest, ...withStates(latest, nodes) })
    if (error === undefined) setFailed(undefined)
  })

  const mustRetry = failed !== undefined
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
        const next = after(latest, events, view.email)
        return next === latest ? latest : { ...latest, ...next }
      }),
  })
  useReportOutage(current === undefined ? undefined : failed?.failure, failed?.since)

  const refresh = useCallback(() => load(undefined, undefined), [])
  const loadMore = useCallback(() => {
    const { endCursor } = current ?? {}
    if (endCursor === undefined || loadingMore) return
    setLoadingMore(true)
    void load(endCursor, current).finally(() => setLoadingMore(false))
  }, [current, loadingMore])

  // In an empty list no row can move under the pointer.
  const isEmpty = current?.rows.length === 0 && current.newIds.size > 0
  useEffect(() => {
    if (isEmpty) void refresh()
  }, [isEmpty, refresh])

  return {
    list: current,
    loading: current === undefined && failed === undefined,
    loadingMore,
    failure: failed?.failure,
    hasMore: current?.endCursor !== undefined,
    loadMore,
    refresh,
  }
}

function withoutUndefined(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
