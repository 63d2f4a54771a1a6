import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { isKind, type Kind } from './kinds.ts'

/** The filters of the page, kept in the URL. */
export interface View {
  readonly tenantId?: string
  readonly kind?: Kind
  /** The id of an API key, or an admin's address. */
  readonly actorId?: string
  /** ISO 8601. */
  readonly from?: string
  readonly to?: string
}

// Longer than any id. Longer values are ignored.
const MAX_LENGTH = 40
const MAX_ACTOR_LENGTH = 400

/** Reads the filters from any URL. Invalid ones are ignored. */
export function readView(params: URLSearchParams): View {
  const tenantId = params.get('tenant')?.trim() ?? ''
  const kind = params.get('kind') ?? undefined
  const actorId = params.get('actor')?.trim() ?? ''
  const [from, to] = [readTime(params.get('from')), readTime(params.get('to'))]
  return {
    ...(tenantId !== '' && tenantId.length <= MAX_LENGTH && { tenantId }),
    ...(isKind(kind) && { kind }),
    ...(actorId !== '' && actorId.length <= MAX_ACTOR_LENGTH && { actorId }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

function readTime(text: string | null): string | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

export type ViewChange = { readonly [Name in 'kind' | 'actor' | 'from' | 'to']?: string | undefined }

/** The filters in the URL, and a function that changes them by a new history entry. */
export function useEventView() {
  const [params, setParams] = useSearchParams()
  const view = useMemo(() => readView(params), [params])
  return {
    view,
    change(change: ViewChange) {
      const next = new URLSearchParams(params)
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined || value === '') next.delete(name)
        else next.set(name, value)
      }
      setParams(next)
    },
  }
}
