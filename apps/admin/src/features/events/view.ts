import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { isKind, type Kind } from './kinds.ts'

export const RANGES = ['day', 'month'] as const
/** The time that the figures are about: the last 24 hours, or the last 30 days. */
export type Range = (typeof RANGES)[number]

/** What somebody looks at; it lives in the URL. */
export interface View {
  readonly tenantId?: string
  readonly kind?: Kind
  readonly range: Range
  /** The cursor that this page begins after; absent on the first page, which is live. */
  readonly after?: string
}

// Longer than any id or cursor: somebody played with the URL.
const MAX_LENGTH = 400

/** Reads a URL that anybody may have written; what makes no sense is left out. */
export function readView(params: URLSearchParams): View {
  const read = (name: string) => {
    const value = params.get(name)?.trim() ?? ''
    return value === '' || value.length > MAX_LENGTH ? undefined : value
  }
  const [tenantId, kind, after] = [read('tenant'), read('kind'), read('after')]
  return {
    range: params.get('range') === 'month' ? 'month' : 'day',
    ...(tenantId !== undefined && { tenantId }),
    ...(isKind(kind) && { kind }),
    ...(after !== undefined && { after }),
  }
}

export function writeView({ tenantId, kind, range, after }: View): URLSearchParams {
  const shown = range === 'day' ? undefined : range
  const entries = Object.entries({ tenant: tenantId, kind, range: shown, after })
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

type Change = { readonly [Field in keyof View]?: View[Field] | undefined }

export function changed(view: View, change: Change): View {
  const next = { ...view, ...change }
  return readView(writeView(next as View))
}

/** The view in the URL, and the ways to another one; each is a step in the browser's history. */
export function useEventView() {
  const [params, setParams] = useSearchParams()
  const view = useMemo(() => readView(params), [params])
  const go = (change: Change) => setParams(writeView(changed(view, change)))
  return {
    view,
    /** Another list begins at its first page. */
    filter: (change: Omit<Change, 'after'>) => go({ ...change, after: undefined }),
    setRange: (range: Range) => go({ range }),
    older: (after: string) => go({ after }),
    newest: () => go({ after: undefined }),
  }
}
