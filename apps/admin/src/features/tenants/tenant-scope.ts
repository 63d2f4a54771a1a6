import { useCallback } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'

/** Longer than any id. Longer values are ignored. */
const MAX_LENGTH = 40

/** The tenant in the URL whose data the pages show. Undefined: all tenants. */
export function useTenantScope(): string | undefined {
  const [params] = useSearchParams()
  return tenantOf(params)
}

export function tenantOf(params: URLSearchParams): string | undefined {
  const tenantId = params.get('tenant')?.trim() ?? ''
  return tenantId === '' || tenantId.length > MAX_LENGTH ? undefined : tenantId
}

/** Adds the chosen tenant to another page's path, so that all pages share it. */
export function useScopedPath(): (path: string) => string {
  const tenantId = useTenantScope()
  return useCallback((path) => scopedPath(path, tenantId), [tenantId])
}

export function scopedPath(path: string, tenantId: string | undefined): string {
  return tenantId === undefined ? path : `${path}?${new URLSearchParams({ tenant: tenantId })}`
}

/** A new tenant keeps the other filters, but not the list's page or an open row. */
const ENDS_WITH_THE_LIST = ['after', 'open', 'tenant']

/** Chooses another tenant on the same page. */
export function useChooseTenant(): (tenantId: string | undefined) => void {
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  return (tenantId) => {
    const params = new URLSearchParams(search)
    for (const name of ENDS_WITH_THE_LIST) params.delete(name)
    if (tenantId !== undefined) params.set('tenant', tenantId)
    void navigate({ pathname, search: params.toString() })
  }
}
