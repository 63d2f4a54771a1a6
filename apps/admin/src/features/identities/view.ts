import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { DeliveryState, IdentityFilter } from '../../generated/graphql.ts'

export const DELIVERY_STATES = ['SENT', 'QUEUED', 'FAILED'] as const satisfies readonly DeliveryState[]

/** What somebody looks at; it lives in the URL, so that a view can be kept, shared and gone back to. */
export interface View {
  readonly email?: string
  readonly tenantId?: string
  readonly delivery?: DeliveryState
  /** The identity whose panel is open. */
  readonly open?: string
}

const PARAMS = { email: 'email', tenantId: 'tenant', delivery: 'delivery', open: 'open' } as const
// Longer than any address or id: somebody played with the URL.
const MAX_LENGTH = 400

/** Reads a URL that anybody may have written; what makes no sense is left out. */
export function readView(params: URLSearchParams): View {
  const entries = Object.entries(PARAMS).flatMap(([field, param]) => {
    const value = params.get(param)?.trim() ?? ''
    return value === '' || value.length > MAX_LENGTH ? [] : [[field, value] as const]
  })
  const { delivery, ...view } = Object.fromEntries(entries)
  return isDeliveryState(delivery) ? { ...view, delivery } : view
}

/** Writes the URL of a view; a plain view has an empty one. */
export function writeView(view: View): URLSearchParams {
  const params = new URLSearchParams()
  for (const [field, param] of Object.entries(PARAMS)) {
    const value = view[field as keyof View]
    if (value !== undefined) params.set(param, value)
  }
  return params
}

export type ViewChange = { readonly [Field in keyof View]?: View[Field] | undefined }

/** A view with a change to it; `undefined` takes a field away. */
export function changed(view: View, change: ViewChange): View {
  return readView(writeView({ ...view, ...change } as View))
}

/** The filters as the gateway takes them, or undefined when there are none. */
export function toFilter({ email, tenantId, delivery }: View): IdentityFilter | undefined {
  const filter = {
    ...(email !== undefined && { email }),
    ...(tenantId !== undefined && { tenantId }),
    ...(delivery !== undefined && { delivery }),
  }
  return Object.keys(filter).length === 0 ? undefined : filter
}

export function isDeliveryState(value: string | undefined): value is DeliveryState {
  return DELIVERY_STATES.some((state) => state === value)
}

/** The view in the URL, and the way to another one. */
export function useView() {
  const [params, setParams] = useSearchParams()
  const view = useMemo(() => readView(params), [params])
  return {
    view,
    /** Every change is a step in the browser's history, but typing a search is not one for each pause. */
    change: (change: ViewChange, { replace = false } = {}) =>
      setParams(writeView(changed(view, change)), { replace }),
  }
}
