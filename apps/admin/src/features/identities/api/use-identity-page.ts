import { useQuery } from '@apollo/client/react'
import {
  type IdentityDetailsFragment,
  IdentityPageDocument,
  type IdentityPageQuery,
} from '../../../generated/graphql.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'
import { toFilter, type View } from '../view.ts'

export type Identity = IdentityDetailsFragment

export const PAGE_SIZE = 50
const POLL_MS = 1000

export interface IdentityPage extends LastKnown<IdentityPageQuery['identities']> {
  /** Names the page that the answer belongs to. */
  readonly question: string
  retry(): void
}

/** One page of active identities, asked for anew every second. */
export function useIdentityPage(view: View): IdentityPage {
  const filter = toFilter(view)
  const variables = {
    first: PAGE_SIZE,
    ...(view.after !== undefined && { after: view.after }),
    ...(filter && { filter }),
  }
  const question = JSON.stringify(variables)
  const { data, error, loading, refetch } = useQuery(IdentityPageDocument, { variables, ...polled(POLL_MS) })
  useRefetchWhenVisible(refetch)
  return {
    ...useLastKnown(question, { data: data?.identities, error, loading }),
    question,
    retry: () => void refetch().catch(() => {}),
  }
}
