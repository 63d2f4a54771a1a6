import type { DeliveryState, IdentityFilter } from '../../generated/graphql.ts'

export const DELIVERY_STATES = ['SENT', 'QUEUED', 'FAILED'] as const satisfies readonly DeliveryState[]

/** What somebody looks at; it lives in the URL, so that a view can be kept, shared and gone back to. */
export interface View {
  readonly email?: string
  readonly tenantId?: string
  readonly delivery?: DeliveryState
  /** The cursor that this page begins after; absent on the first page. */
  readonly after?: string
  /** The identity whose panel is open. */
  readonly open?: string
}

const PARAMS = {
  email: 'email',
  tenantId: 'tenant',
  delivery: 'delivery',
  after: 'after',
  open: 'open',
} as const
// Longer than any address, id or cursor: somebody played with the URL.
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

/** A change to the filters. `undefined` takes one away; another list begins at its first page. */
export type FilterChange = { readonly [Field in 'email' | 'tenantId' | 'delivery']?: View[Field] | undefined }

export function withFilters({ after: _, ...view }: View, change: FilterChange): View {
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
