import { useCallback, useEffect, useState } from 'react'
import { OneIdentityDocument, type OneIdentityQuery } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { createRequests } from '../../../lib/requests.ts'
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
  const [requests] = useState(createRequests)
  const load = useCallback(async () => {
    const take = requests.all()
    try {
      const { data, error } = await client.askPartly(OneIdentityDocument, { id })
      if (!data.events) throw error
      if (!take()) return
      setHistory({ identity: data.identity ?? null, events: [...data.events.nodes].reverse() })
      setFailure(undefined)
    } catch (error) {
      if (take()) setFailure(toFailure(error))
    }
  }, [client, id, requests])
  useEffect(() => void load(), [load, version])
  return { history, failure, reload: load }
}
