import { useQuery as useTanstackQuery } from '@tanstack/react-query'
import { usePageVisible } from '../use-page-visible.ts'
import { useGraphql } from './client-context.ts'
import type { Document, PartialAnswer, VariablesOf } from './graphql-client.ts'

interface QueryOptions {
  /** Polls while the page is visible, and at once when it becomes visible. */
  readonly pollMs?: number
  readonly skip?: boolean
}

export interface QueryResult<Data> {
  /** The last answer with these variables. It stays when a later request fails. */
  readonly data: Data | undefined
  readonly error: unknown
  readonly loading: boolean
  /** Requests again. The result shows in `data` and `error`. */
  readonly refetch: () => Promise<void>
}

/** Queries the gateway. Components with the same variables share one request. */
export function useQuery<Data, Variables>(
  document: Document<Data, Variables>,
  variables: VariablesOf<Variables>[0],
  { pollMs, skip = false }: QueryOptions = {},
): QueryResult<Data> {
  const client = useGraphql()
  const visible = usePageVisible()
  const { data, error, isPending, refetch } = useTanstackQuery<PartialAnswer<Data>>({
    queryKey: [document.__meta__?.hash, variables],
    // The rest parameter is optional for documents without variables, which cannot be seen here.
    queryFn: () => client.askPartly(document, ...([variables] as VariablesOf<Variables>)),
    // The variables of what is polled may move with the time, which must not ask from a hidden page.
    enabled: !skip && (pollMs === undefined || visible),
    refetchInterval: pollMs ?? false,
    refetchOnWindowFocus: pollMs !== undefined,
  })
  return {
    data: data?.data,
    error: error ?? data?.error ?? undefined,
    loading: isPending,
    refetch: async () => void (await refetch()),
  }
}
