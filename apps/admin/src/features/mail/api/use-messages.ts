import { useQuery } from '@apollo/client/react'
import {
  type MessageState,
  MessagesInStateDocument,
  type MessagesInStateQuery,
} from '../../../generated/graphql.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'

const POLL_MS = 5000
const PAGE_SIZE = 6

/** A page of a tenant's mails in a state, latest change first. */
export function useMessages(
  tenantId: string,
  state: MessageState,
  after: string | undefined,
): LastKnown<MessagesInStateQuery['messages']> {
  const { data, error, loading, refetch } = useQuery(MessagesInStateDocument, {
    variables: { tenantId, state, first: PAGE_SIZE, ...(after !== undefined && { after }) },
    ...polled(POLL_MS),
  })
  useRefetchWhenVisible(refetch)
  return useLastKnown(JSON.stringify([tenantId, state, after]), { data: data?.messages, error, loading })
}
