import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useState } from 'react'
import { type EventDetailsFragment, OneIdentityDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import type { Identity } from '../identity-list.ts'

export interface IdentityHistory {
  /** null: it has ended, or never existed. */
  readonly identity: Identity | null
  /** Oldest first, for as long as events are kept. */
  readonly events: readonly EventDetailsFragment[]
}

/** One identity and its events. `version` changes with each event of it and causes a new query. */
export function useIdentity(id: string, version: string) {
  const client = useApolloClient()
  const [history, setHistory] = useState<IdentityHistory>()
  const [failure, setFailure] = useState<Failure>()
  const load = useCallback(async () => {
    try {
      const { data, error } = await client.query({
        query: OneIdentityDocument,
        variables: { id },
        fetchPolicy: 'no-cache',
        errorPolicy: 'all',
      })
      if (data?.events === undefined || data.events === null) throw error
      setHistory({ identity: data.identity ?? null, events: [...data.events.nodes].reverse() })
      setFailure(undefined)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }, [client, id])
  useEffect(() => void load(), [load, version])
  return { history, failure, reload: load }
}
