import { useQuery } from '@apollo/client/react'
import { MessageCountsDocument, type MessageCountsQuery } from '../../../generated/graphql.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'

/** Seldom: to count them the service walks over long lists. */
const POLL_MS = 15_000

/** How many of a tenant's mails reached each state within a day. */
export function useMessageCounts(tenantId: string): LastKnown<MessageCountsQuery['messageCounts']> {
  const { data, error, loading, refetch } = useQuery(MessageCountsDocument, {
    variables: { tenantId },
    ...polled(POLL_MS),
  })
  useRefetchWhenVisible(refetch)
  return useLastKnown(tenantId, { data: data?.messageCounts, error, loading })
}
