import { TenantChoicesDocument } from '../../../generated/graphql.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'

export interface TenantChoice {
  readonly id: string
  readonly name: string
  readonly testMode: boolean
}

const POLL_MS = 60_000

/** The tenants to choose from. Always includes the one in the URL, even before it is loaded. */
export function useTenantChoices(chosen: string | undefined): readonly TenantChoice[] {
  const { data } = useQuery(TenantChoicesDocument, {}, { pollMs: POLL_MS })
  const tenants = data?.tenants ?? []
  if (chosen === undefined || tenants.some(({ id }) => id === chosen)) return tenants
  return [...tenants, { id: chosen, name: chosen, testMode: false }]
}
