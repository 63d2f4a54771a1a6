import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { EventPageDocument, type EventType } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { pageWithRows } from '../../../lib/page-with-rows.ts'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { withNewer, withOlder } from '../event-rows.ts'
import type { Event, LiveStatus } from './follow-events.ts'
import { useEventStream } from './use-event-stream.ts'

const RETRY_MS = 3000

export interface EventList {
  /** Newest first. Undefined until loaded. */
  readonly events: readonly Event[] | undefined
  /** Number of events that came while the list was held. */
  readonly waiting: number
  readonly status: LiveStatus
  readonly failure: Failure | undefined
  readonly hasMore: boolean
  loadMore(): void
  /** Shows the waiting events. */
  release(): void
}

export interface EventListFilter {
  readonly tenantId?: string | undefined
  readonly types?: readonly EventType[] | undefined
  readonly actorId?: string | undefined
  /** ISO 8601. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/**
 * A list of events. Give its component a key, because other filters make another list. `held`: new events
 * wait, so that rows do not move.
 */
export function useEventList(
  { tenantId, types, actorId, from: since, to }: EventListFilter,
  held: boolean,
): EventList {
  const client = useGraphql()
  const [events, setEvents] = useState<readonly Event[]>()
  const [waiting, setWaiting] = useState<readonly Event[]>([])
  const [endCursor, setEndCursor] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure>()
  const [follow, setFollow] = useState<string>()
  const isLoading = useRef(false)

  const load = useEffectEvent(async (from: string | undefined) => {
    if (isLoading.current) return
    isLoading.current = true
    try {
      const ask = async (after: string | undefined) => {
        const data = await client.ask(EventPageDocument, {
          ...(after !== undefined && { after }),
          ...(tenantId !== undefined && { tenantId }),
          ...(types !== undefined && { types: [...types] }),
          ...(actorId !== undefined && { actorId }),
          ...(since !== undefined && { from: since }),
          ...(to !== undefined && { to }),
        })
        return data.events
      }
      const { nodes, pageInfo } = await pageWithRows(ask, from)
      setEvents((known) => withOlder(known ?? [], nodes))
      setFollow((known) => known ?? nodes[0]?.cursor ?? '0')
      setEndCursor(pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null)
      setFailure(undefined)
    } catch (error) {
      setFailure(toFailure(error))
    } finally {
      isLoading.current = false
    }
  })
  useEffect(() => void load(undefined), [])
  const visible = usePageVisible()
  const mustRetry = failure !== undefined && events === undefined && visible
  useEffect(() => {
    if (!mustRetry) return
    const timer = setInterval(() => void load(undefined), RETRY_MS)
    return () => clearInterval(timer)
  }, [mustRetry])

  const status = useEventStream({
    tenantId,
    types,
    // Nothing new can fall into a time that has ended.
    after: to === undefined ? follow : undefined,
    onBurst(all) {
      const burst = actorId === undefined ? all : all.filter(({ actor }) => actor?.id === actorId)
      if (held) setWaiting((known) => [...known, ...burst].slice(-5000))
      else setEvents((known) => withNewer(known ?? [], burst))
    },
  })
  function release() {
    // A list whose first page has not come must not look empty: a failure is shown, and tried again.
    if (waiting.length === 0) return
    setEvents((known) => withNewer(known ?? [], waiting))
    setWaiting([])
  }
  const releaseNow = useEffectEvent(release)
  useEffect(() => {
    if (!held) releaseNow()
  }, [held])

  return {
    events,
    waiting: waiting.length,
    status,
    failure,
    hasMore: endCursor !== null,
    loadMore: () => {
      if (endCursor !== null) void load(endCursor)
    },
    release,
  }
}
