import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import {
  AddSuppressionsDocument,
  SuppressedAddressesDocument,
  type SuppressionInput,
} from '../../../generated/graphql.ts'
import { downloadCsv } from '../../../lib/csv.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'

/** Addresses in one call. */
const AT_ONCE = 500
const PAGE_SIZE = 200

/** Adds and exports whole lists of suppressed addresses. */
export function useSuppressionLists(tenantId: string) {
  const { t } = useTranslation('mail')
  const client = useGraphql()
  const toast = useToast()
  const [busy, setBusy] = useState(false)

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    setBusy(true)
    try {
      await work()
      return true
    } catch (error) {
      toast.failed(t('suppressed.listFailed'), toFailure(error))
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    busy,
    /** False when not all addresses could be sent. Those that were sent may be sent again. */
    add: (addresses: readonly SuppressionInput[]) =>
      attempt(async () => {
        let [added, known] = [0, 0]
        const refused: string[] = []
        for (let at = 0; at < addresses.length; at += AT_ONCE) {
          const part = addresses.slice(at, at + AT_ONCE)
          const { addSuppressions: done } = await client.ask(AddSuppressionsDocument, {
            tenantId,
            addresses: [...part],
          })
          added += done.added
          known += done.known
          refused.push(...done.refused.map(({ index }) => part[index]?.email ?? ''))
        }
        const counts = t('suppressed.addedCounts', { added, known, refused: refused.length })
        toast.good(t('suppressed.added'), [counts, ...refused.slice(0, 5)].join(' '))
      }),
    exportAll: () =>
      attempt(async () => {
        const rows: string[][] = [[t('suppressed.email'), t('suppressed.reason'), t('suppressed.since')]]
        let after: string | undefined
        do {
          const { suppressions } = await client.ask(SuppressedAddressesDocument, {
            tenantId,
            first: PAGE_SIZE,
            ...(after !== undefined && { after }),
          })
          rows.push(...suppressions.nodes.map((node) => [node.email, node.reason, node.suppressedAt]))
          const { hasNextPage, endCursor } = suppressions.pageInfo
          after = hasNextPage ? (endCursor ?? undefined) : undefined
        } while (after !== undefined)
        downloadCsv(`suppressed-${tenantId}.csv`, rows)
      }),
  }
}
