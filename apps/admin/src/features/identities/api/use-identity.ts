import { useCallback, useEffect, useState } from 'react'
import { OneIdentityDocument, type OneIdentityQuery } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Identity } from '../identity-list.ts'

/** An event with the relay's reply. */
export type PastEvent = OneIdentityQuery['events']['nodes'][number]

export interface IdentityHistory {
  /** null: it has ended, or never existed. */
  readonly identity: Identity | null
  /** Oldest first, for as long as events are kept. */
  readonly events: readonly PastEvent[]
}

/** One identity and its events. `version` changes with each event of it and causes a new query. */
export function useIdentity(id: string, version: string) {
  const client = useGraphql()
  const [history, setHistory] = useState<IdentityHistory>()
  const [failure, setFailure] = useState<Failure>()
  const load = useCallback(async () => {
    try {
      const { data, error } = await client.askPartly(OneIdentityDocument, { id })
      if (!data.events) throw error
      setHistory({ identity: data.identity ?? null, events: [...data.events.nodes].reverse() })
      setFailure(undefined)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }, [client, id])
  useEffect(() => void load(), [load, version])
  return { history, failure, reload: load }
}
