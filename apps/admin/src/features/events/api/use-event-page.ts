import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'
import { EventPageDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { typesOf } from '../kinds.ts'
import type { View } from '../view.ts'
import type { Event } from './follow-events.ts'

const PAGE_SIZE = 50
/** What failed is asked for again by itself. */
const RETRY_MS = 3000

export interface EventPage {
  /** Newest first; undefined while nothing is known. */
  readonly events: readonly Event[] | undefined
  /** Where the next page begins, if there is one. */
  readonly endCursor: string | undefined
  readonly failure: Failure | undefined
  retry(): void
}

/** One page of what happened, as it was when it was asked for; what comes later is told live. */
export function useEventPage({ tenantId, kind, after }: View): EventPage {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(EventPageDocument, {
    variables: {
      first: PAGE_SIZE,
      ...(after !== undefined && { after }),
      ...(tenantId !== undefined && { tenantId }),
      ...(kind !== undefined && { types: [...typesOf(kind)] }),
    },
    fetchPolicy: 'no-cache',
  })
  const failed = error !== undefined
  useEffect(() => {
    if (!failed) return
    startPolling(RETRY_MS)
    return stopPolling
  }, [failed, startPolling, stopPolling])
  const { nodes, pageInfo } = data?.events ?? {}
  return {
    events: nodes,
    endCursor: pageInfo?.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    failure: failed ? toFailure(error) : undefined,
    retry: () => void refetch().catch(() => {}),
  }
}
