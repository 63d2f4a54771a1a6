import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { NewestIdentitiesDocument } from '../../../generated/graphql.ts'
import { polled } from '../../../lib/use-polling.ts'
import { countNew } from '../count-new.ts'
import { toFilter, type View } from '../view.ts'
import { PAGE_SIZE } from './use-identity-page.ts'

const POLL_MS = 2000

/**
 * How many identities have been registered since the first page was left; 0 on the first page, which shows them by itself.
 *
 * @param since when the newest one seen there was registered; null: count from the first answer on
 * @returns up to `PAGE_SIZE`
 */
export function useNewCount(view: View, since: string | null): number {
  const filter = toFilter(view)
  const { data } = useQuery(NewestIdentitiesDocument, {
    variables: { first: PAGE_SIZE, ...(filter && { filter }) },
    skip: view.after === undefined,
    ...polled(POLL_MS),
  })
  const [firstSeen, setFirstSeen] = useState<string>()
  const onFirstPage = view.after === undefined
  // A query that is skipped still has the answer from before.
  const newest = onFirstPage ? undefined : data?.identities.nodes
  if (onFirstPage && firstSeen !== undefined) setFirstSeen(undefined)
  if (newest !== undefined && firstSeen === undefined) setFirstSeen(newest[0]?.createdAt ?? '')
  const from = since ?? firstSeen
  return newest === undefined || from === undefined ? 0 : countNew(newest, from)
}
