import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { isKind, type Kind } from './kinds.ts'

/** What somebody looks at; it lives in the URL. */
export interface View {
  readonly tenantId?: string
  readonly kind?: Kind
}

// Longer than any id: somebody played with the URL.
const MAX_LENGTH = 40

/** Reads a URL that anybody may have written; what makes no sense is left out. */
export function readView(params: URLSearchParams): View {
  const tenantId = params.get('tenant')?.trim() ?? ''
  const kind = params.get('kind') ?? undefined
  return {
    ...(tenantId !== '' && tenantId.length <= MAX_LENGTH && { tenantId }),
    ...(isKind(kind) && { kind }),
  }
}

/** The view in the URL, and the way to another kind: a step in the browser's history. */
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
