import { useMutation, useQuery } from '@apollo/client/react'
import { RevokeSessionDocument, SessionsDocument, type SessionsQuery } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'
import { useSignOut } from './use-sign-out.ts'

const POLL_MS = 5000

export interface Sessions {
  /** Newest first; undefined while nothing is known. */
  readonly sessions: SessionsQuery['sessions'] | undefined
  /** The session of this browser; undefined with an admin key. */
  readonly ownId: string | undefined
  readonly failure: Failure | undefined
  retry(): void
  /** Ends a session; one's own is a sign-out. */
  end(id: string): void
}

export function useSessions(): Sessions {
  const { data, error, refetch } = useQuery(SessionsDocument, polled(POLL_MS))
  const [revoke, revoking] = useMutation(RevokeSessionDocument)
  const signOut = useSignOut()
  useRefetchWhenVisible(refetch)
  const again = () => void refetch().catch(() => {})
  const ownId = data?.viewer.session?.id
  const failed = error ?? revoking.error
  return {
    sessions: data?.sessions,
    ownId,
    failure: failed === undefined ? undefined : toFailure(failed),
    retry: again,
    end(id) {
      if (id === ownId) signOut()
      // A failure shows in the mutation's own state.
      else revoke({ variables: { id } }).then(again, () => {})
    },
  }
}
