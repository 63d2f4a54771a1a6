import {
  ClearSuppressionDocument,
  SuppressedAddressesDocument,
  type SuppressedAddressesQuery,
} from '../../../generated/graphql.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type RowActs, useRowActs } from '../../../lib/row-acts.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'

const PAGE_SIZE = 25
/** Events that may have changed the list. */
const CHANGES = ['BOUNCED', 'SUPPRESSION_ADDED', 'SUPPRESSION_CLEARED'] as const

export interface Suppressions {
  readonly list: LastKnown<SuppressedAddressesQuery['suppressions']>
  /** Removes an address from the list. */
  clear(email: string): void
  /** The removals, by address. */
  readonly removals: RowActs
  reload(): void
}

/** A page of a tenant's suppressed addresses, newest first. */
export function useSuppressions(tenantId: string, after: string | undefined): Suppressions {
  const { data, error, loading, refetch } = useQuery(SuppressedAddressesDocument, {
    tenantId,
    first: PAGE_SIZE,
    ...(after !== undefined && { after }),
  })
  useEventStream({ tenantId, types: CHANGES, after: 'now', onBurst: () => void refetch() })
  const list = useLastKnown(JSON.stringify([tenantId, after]), { data: data?.suppressions, error, loading })
  const client = useGraphql()
  const removals = useRowActs()
  return {
    list,
    clear(email) {
      void removals.run(email, async () => {
        await client.ask(ClearSuppressionDocument, { tenantId, email })
        await refetch()
      })
    },
    removals,
    reload: () => void refetch(),
  }
}
