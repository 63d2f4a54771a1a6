import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { DeliveryState, IdentityFilter } from '../../generated/graphql.ts'
import { keysOf } from '../../lib/typed-record.ts'

export const DELIVERY_STATES = ['SENT', 'QUEUED', 'FAILED'] as const satisfies readonly DeliveryState[]

/** The filters of the page, kept in the URL so that a view can be shared and the history works. */
export interface View {
  readonly email?: string
  readonly domain?: string
  readonly tenantId?: string
  readonly delivery?: DeliveryState
  /** The identity whose panel is open. */
  readonly open?: string
  /** A request whose identity is to be opened. */
  readonly request?: string
}

const PARAMS = {
  email: 'email',
  domain: 'domain',
  tenantId: 'tenant',
  delivery: 'delivery',
  open: 'open',
  request: 'request',
} as const
// Longer than any address or id. Longer values are ignored.
const MAX_LENGTH = 400

/** Reads the filters from any URL. Invalid ones are ignored. */
export function readView(params: URLSearchParams): View {
  const entries = Object.entries(PARAMS).flatMap(([field, param]) => {
    const value = params.get(param)?.trim() ?? ''
    return value === '' || value.length > MAX_LENGTH ? [] : [[field, value] as const]
  })
  const { delivery, ...view } = Object.fromEntries(entries)
  return isDeliveryState(delivery) ? { ...view, delivery } : view
}

/** Writes a view's URL parameters. The default view has none. */
export function writeView(view: View): URLSearchParams {
  const params = new URLSearchParams()
  for (const field of keysOf(PARAMS)) {
    const value = view[field]
    if (value !== undefined) params.set(PARAMS[field], value)
  }
  return params
}

export type ViewChange = { readonly [Field in keyof View]?: View[Field] | undefined }

/** Applies a change to a view. `undefined` removes a field. */
export function changed(view: View, change: ViewChange): View {
  // A field that is undefined is not written, so the view has none.
  return readView(writeView({ ...view, ...change } as View))
}

/** The filters in the gateway's form. Undefined: no filter. */
export function toFilter({ email, domain, tenantId, delivery }: View): IdentityFilter | undefined {
  const filter = {
    ...(email !== undefined && { email }),
    ...(domain !== undefined && { domain }),
    ...(tenantId !== undefined && { tenantId }),
    ...(delivery !== undefined && { delivery }),
  }
  return Object.keys(filter).length === 0 ? undefined : filter
}

export function isDeliveryState(value: string | undefined): value is DeliveryState {
  return DELIVERY_STATES.some((state) => state === value)
}

/** The view in the URL, and a function that changes it. */
export function useView() {
  const [params, setParams] = useSearchParams()
  const view = useMemo(() => readView(params), [params])
  return {
    view,
    /** Each change adds a history entry. Typing in the search replaces the entry instead. */
    change: (change: ViewChange, { replace = false } = {}) =>
      setParams(writeView(changed(view, change)), { replace }),
  }
}
