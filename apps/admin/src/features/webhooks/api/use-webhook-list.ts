import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { WebhookListDocument, WebhookStatesDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import type { Webhook, WebhookHealth } from '../webhook.ts'

const PAGE_SIZE = 50
const POLL_MS = 10_000

/** An endpoint with what the mailer knows of its deliveries. */
export interface WebhookRow {
  readonly webhook: Webhook
  /** undefined: the mailer does not answer. */
  readonly health: WebhookHealth | undefined
}

export interface WebhookList {
  readonly rows: readonly WebhookRow[] | undefined
  readonly failure: Failure | undefined
  readonly hasMore: boolean
  readonly loadMore: () => void
  readonly reload: () => void
}

interface ListPage {
  readonly rows: readonly WebhookRow[]
  readonly next: string | undefined
  /** Why the mailer's part is missing. */
  readonly partial: unknown
}

/** The endpoints of a tenant or of all. Without the mailer they are listed without their deliveries. */
export function useWebhookList(tenantId: string | undefined): WebhookList {
  const client = useGraphql()

  async function load(after: string | undefined): Promise<ListPage> {
    const variables = {
      first: PAGE_SIZE,
      ...(tenantId !== undefined && { tenantId }),
      ...(after !== undefined && { after }),
    }
    const [list, states] = await Promise.allSettled([
      client.ask(WebhookListDocument, variables),
      client.ask(WebhookStatesDocument, variables),
    ])
    if (list.status === 'rejected') throw list.reason
    const { nodes, pageInfo } = list.value.webhookEndpointConnection
    const known = states.status === 'rejected' ? [] : states.value.webhookEndpointConnection.nodes
    const health = new Map(known.map(({ id, state }) => [id, state]))
    return {
      rows: nodes.map((webhook) => ({ webhook, health: health.get(webhook.id) })),
      next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
      partial: states.status === 'rejected' ? states.reason : undefined,
    }
  }

  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['webhooks', tenantId],
    initialPageParam: undefined,
    getNextPageParam: ({ next }: ListPage) => next,
    queryFn: ({ pageParam }) => load(pageParam),
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: true,
  })
  const cause = error ?? data?.pages.find(({ partial }) => partial !== undefined)?.partial
  const failure = cause === undefined || cause === null ? undefined : toFailure(cause)
  const since = useFailingSince(failure !== undefined)
  // Without data the page itself shows the failure.
  useReportOutage(data === undefined ? undefined : failure, since)
  return {
    rows: data?.pages.flatMap(({ rows }) => rows),
    failure,
    hasMore: hasNextPage,
    loadMore: () => void fetchNextPage(),
    reload: () => void refetch(),
  }
}

/** When it began to fail, so that the strip's text stands still while it goes on failing. */
function useFailingSince(isFailing: boolean): number | undefined {
  const [since, setSince] = useState<number>()
  if (isFailing && since === undefined) setSince(clock.now())
  if (!isFailing && since !== undefined) setSince(undefined)
  return since
}
