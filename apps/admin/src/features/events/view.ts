import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { isKind, type Kind } from './kinds.ts'

/** The filters of the page, kept in the URL. */
export interface View {
  readonly tenantId?: string
  readonly kind?: Kind
}

// Longer than any id. Longer values are ignored.
const MAX_LENGTH = 40

/** Reads the filters from any URL. Invalid ones are ignored. */
export function readView(params: URLSearchParams): View {
  const tenantId = params.get('tenant')?.trim() ?? ''
  const kind = params.get('kind') ?? undefined
  return {
    ...(tenantId !== '' && tenantId.length <= MAX_LENGTH && { tenantId }),
    ...(isKind(kind) && { kind }),
  }
}

/** The filters in the URL, and a function that changes the kind by a new history entry. */
export function useEventView() {
  const [params, setParams] = useSearchParams()
  const view = useMemo(() => readView(params), [params])
  return {
    view,
    chooseKind(kind: Kind | undefined) {
      const next = new URLSearchParams(params)
      if (kind === undefined) next.delete('kind')
      else next.set('kind', kind)
      setParams(next)
    },
  }
}
