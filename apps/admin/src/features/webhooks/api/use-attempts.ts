import { useInfiniteQuery } from '@tanstack/react-query'
import { WebhookDeliveryDocument, type WebhookDeliveryQuery } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'

const PAGE_SIZE = 25
const POLL_MS = 5000

export type Attempt = WebhookDeliveryQuery['webhookAttempts']['edges'][number]['node']

/**
 * The attempts to deliver to an endpoint, newest first, and the state of its deliveries. All of it is the
 * mailer's.
 */
export function useAttempts(id: string) {
  const client = useGraphql()
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['webhook-attempts', id],
    initialPageParam: undefined,
    getNextPageParam: ({ webhookAttempts: { pageInfo } }: WebhookDeliveryQuery) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    queryFn: ({ pageParam: after }) =>
      client.ask(WebhookDeliveryDocument, {
        id,
        first: PAGE_SIZE,
        ...(after !== undefined && { after }),
      }),
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: true,
  })
  return {
    attempts: data?.pages.flatMap(({ webhookAttempts }) => webhookAttempts.edges),
    health: data?.pages[0]?.webhookEndpoint?.state,
    failure: error === null ? undefined : toFailure(error),
    hasMore: hasNextPage,
    loadMore: () => void fetchNextPage(),
    reload: () => void refetch(),
  }
}
