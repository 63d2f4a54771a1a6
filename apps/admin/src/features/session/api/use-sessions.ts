import { RevokeSessionDocument, SessionsDocument, type SessionsQuery } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useSignOut } from './use-sign-out.ts'

const POLL_MS = 5000

export interface Sessions {
  /** Newest first. Undefined until loaded. */
  readonly sessions: SessionsQuery['sessionConnection']['nodes'] | undefined
  /** This browser's session. Undefined with an admin key. */
  readonly ownId: string | undefined
  readonly failure: Failure | undefined
  retry(): void
  /** Ends a session. Ending one's own signs out. */
  end(id: string): void
}

export function useSessions(): Sessions {
  const { data, error, refetch } = useQuery(SessionsDocument, {}, { pollMs: POLL_MS })
  const revoking = useMutation(RevokeSessionDocument)
  const signOut = useSignOut()
  const again = () => void refetch()
  const ownId = data?.viewer.session?.id
  const failed = error ?? revoking.error
  return {
    sessions: data?.sessionConnection.nodes,
    ownId,
    failure: failed === undefined ? undefined : toFailure(failed),
    retry: again,
    end(id) {
      if (id === ownId) signOut()
      // The mutation's own state shows a failure.
      else revoking.run({ id }).then(again, () => {})
    },
  }
}
