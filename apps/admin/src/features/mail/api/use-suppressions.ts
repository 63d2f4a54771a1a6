import { useState } from 'react'
import {
  ClearSuppressionDocument,
  SuppressedAddressesDocument,
  type SuppressedAddressesQuery,
} from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { useEventStream } from '../../events/api/use-event-stream.ts'

const PAGE_SIZE = 25
/** Events that may have changed the list. */
const CHANGES = ['BOUNCED', 'SUPPRESSION_ADDED', 'SUPPRESSION_CLEARED'] as const

export interface Suppressions {
  readonly list: LastKnown<SuppressedAddressesQuery['suppressions']>
  /** Removes an address from the list. False when that failed. */
  clear(email: string): Promise<boolean>
  /** The address being removed. */
  readonly clearing: string | undefined
  /** Why the last removal failed. */
  readonly clearFailure: Failure | undefined
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
  const [asked, ask] = useState<string>()
  const { run, loading: isClearing, error: clearError } = useMutation(ClearSuppressionDocument)
  return {
    list,
    async clear(email) {
      ask(email)
      try {
        await run({ tenantId, email })
      } catch {
        // The mutation's own state shows the failure.
        return false
      }
      await refetch()
      return true
    },
    clearing: isClearing ? asked : undefined,
    reload: () => void refetch(),
    clearFailure: clearError === undefined ? undefined : toFailure(clearError),
  }
}
