import { SignedInAsDocument } from '../generated/graphql.ts'
import { useQuery } from './graphql/use-query.ts'

/** Whether the admin may change anything. The gateway refuses all acts of a read-only one. */
export function useMayChange(): boolean {
  const { data } = useQuery(SignedInAsDocument, {})
  return data?.viewer.scope !== 'ADMIN_READ_ONLY'
}
