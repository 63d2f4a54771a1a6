import { useQuery } from '@apollo/client/react'
import { OneIdentityDocument } from '../../../generated/graphql.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'
import type { Identity } from './use-identity-page.ts'

const POLL_MS = 1000

/** One identity, asked for anew every second; `data` is null when there is no such active identity. */
export function useIdentity(id: string): LastKnown<Identity | null> & { retry(): void } {
  const { data, error, loading, refetch } = useQuery(OneIdentityDocument, {
    variables: { id },
    ...polled(POLL_MS),
  })
  useRefetchWhenVisible(refetch)
  return {
    ...useLastKnown(id, { data: data?.identity, error, loading }),
    retry: () => void refetch().catch(() => {}),
  }
}
