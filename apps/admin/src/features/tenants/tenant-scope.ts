import { useCallback } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'

/** Longer than any id: somebody played with the URL. */
const MAX_LENGTH = 40

/** Whose data the pages show: the tenant that the URL names, or undefined for all. */
export function useTenantScope(): string | undefined {
  const [params] = useSearchParams()
  const tenantId = params.get('tenant')?.trim() ?? ''
  return tenantId === '' || tenantId.length > MAX_LENGTH ? undefined : tenantId
}

/** Adds the tenant that is looked at to the path of another page, so that all pages share it. */
export function useScopedPath(): (path: string) => string {
  const tenantId = useTenantScope()
  return useCallback((path) => scopedPath(path, tenantId), [tenantId])
}

export function scopedPath(path: string, tenantId: string | undefined): string {
  return tenantId === undefined ? path : `${path}?${new URLSearchParams({ tenant: tenantId })}`
}

/** Other filters stay, but neither the page of the old list nor what was open in it. */
const ENDS_WITH_THE_LIST = ['after', 'open', 'tenant']

/** Looks at another tenant, on the same page. */
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
