import { useMemo } from 'react'
import { useTenantChoices } from './use-tenant-choices.ts'

/** The name of each tenant by its id, for lists that know the id alone. One that is gone has none. */
export function useTenantNames(): ReadonlyMap<string, string> {
  const tenants = useTenantChoices(undefined)
  return useMemo(() => new Map(tenants.map(({ id, name }) => [id, name])), [tenants])
}
