import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import {
  type DeliveryReason,
  MessageListDocument,
  type MessageListQuery,
  type MessageState,
} from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import { pageWithRows } from '../../../lib/page-with-rows.ts'
import { createRequests } from '../../../lib/requests.ts'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'

export type Message = MessageListQuery['messages']['nodes'][number]

const PAGE_SIZE = 100
const RETRY_MS = 3000

/** The event type for each message state. */
const EVENT_OF = {
  SENT: 'SENT',
  DEFERRED: 'DEFERRED',
  BOUNCED: 'BOUNCED',
  REJECTED: 'REJECTED',
  QUEUED: undefined,
  EXPIRED: undefined,
  DROPPED: undefined,
} as const

/**
 * Messages in a state, or of a state and a reason, latest change first. Give its component a key. Later
 * changes are counted and appear on reload.
 */
export function useMessageList(
  tenantId: string | undefined,
  state: MessageState,
  reason: DeliveryReason | undefined,
) {
  const client = useGraphql()
  const [messages, setMessages] = useState<readonly Message[]>()
  const [endCursor, setEndCursor] = useState<string | null>(null)
  const [failed, setFailed] = useState<{ failure: Failure; since: number }>()
  const [news, setNews] = useState(0)
  const [requests] = useState(createRequests)

  const load = useCallback(
    async (after: string | null) => {
      const take = after === null ? requests.all() : requests.more()
      try {
        const ask = async (from: string | undefined) => {
          const data = await client.ask(MessageListDocument, {
            state,
            first: PAGE_SIZE,
            ...(tenantId !== undefined && { tenantId }),
            ...(reason !== undefined && { reason }),
            ...(from !== undefined && { after: from }),
          })
          return data.messages
        }
        const { nodes, pageInfo } = await pageWithRows(ask, after ?? undefined)
        if (!take()) return
        setMessages((known) => (after === null ? nodes : [...(known ?? []), ...nodes]))
        setEndCursor(pageInfo.hasNextPage ? pageInfo.endCursor : null)
        setFailed(undefined)
        if (after === null) setNews(0)
      } catch (error) {
        if (!take()) return
        setFailed((before) => ({ failure: toFailure(error), since: before?.since ?? clock.now() }))
      }
    },
    [client, tenantId, state, reason, requests],
  )
  useEffect(() => void load(null), [load])
  const visible = usePageVisible()
  const mustRetry = failed !== undefined && visible
  const reload = useEffectEvent(() => load(null))
  useEffect(() => {
    if (!mustRetry) return
    const timer = setInterval(() => void reload(), RETRY_MS)
    return () => clearInterval(timer)
  }, [mustRetry])
  useReportOutage(messages === undefined ? undefined : failed?.failure, failed?.since)

  // Events only count new messages in this state. Reloading shows them.
  const type = EVENT_OF[state]
  useEventStream({
    tenantId,
    types: type === undefined ? undefined : [type],
    after: messages === undefined || type === undefined ? undefined : 'now',
    onBurst: (events) => setNews((count) => count + events.length),
  })
  return {
    messages,
    news,
    failure: failed?.failure,
    hasMore: endCursor !== null,
    // Another one for each list, so that a table which is at its end asks again.
    loadMore: useCallback(() => {
      if (messages !== undefined) void load(endCursor)
    }, [load, endCursor, messages]),
    reload: useCallback(() => load(null), [load]),
  }
}
