import { RevokeSessionDocument, SessionsDocument, type SessionsQuery } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type RowActs, useRowActs } from '../../../lib/row-acts.ts'
import { useSignOut } from './use-sign-out.ts'

const POLL_MS = 5000

export interface Sessions {
  /** Newest first. Undefined until loaded. */
  readonly sessions: SessionsQuery['sessionConnection']['nodes'] | undefined
  /** This browser's session. Undefined with an admin key. */
  readonly ownId: string | undefined
  readonly failure: Failure | undefined
  /** The ends of sessions, by their ids. */
  readonly ends: RowActs
  retry(): void
  /** Ends a session. Ending one's own signs out. */
  end(id: string): void
}

export function useSessions(): Sessions {
  const { data, error, refetch } = useQuery(SessionsDocument, {}, { pollMs: POLL_MS })
  const client = useGraphql()
  const ends = useRowActs()
  const signOut = useSignOut()
  const ownId = data?.viewer.session?.id
  return {
    sessions: data?.sessionConnection.nodes,
    ownId,
    failure: error === undefined ? undefined : toFailure(error),
    ends,
    retry: () => void refetch(),
    end(id) {
      if (id === ownId) return signOut()
      void ends.run(id, async () => {
        await client.ask(RevokeSessionDocument, { id })
        await refetch()
      })
    },
  }
}
