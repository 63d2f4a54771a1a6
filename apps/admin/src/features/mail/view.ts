import { useSearchParams } from 'react-router'
import type { MessageState } from '../../generated/graphql.ts'

export const MESSAGE_STATES = [
  'SENT',
  'QUEUED',
  'DEFERRED',
  'BOUNCED',
  'REJECTED',
  'EXPIRED',
  'DROPPED',
] as const satisfies readonly MessageState[]

/** What somebody looks at; it lives in the URL. */
export interface View {
  readonly tenantId?: string
  readonly state: MessageState
}

/** Reads a URL that anybody may have written; what makes no sense is left out. */
export function readView(params: URLSearchParams): View {
  const tenantId = params.get('tenant') ?? ''
  const state = MESSAGE_STATES.find((known) => known === params.get('state')) ?? 'SENT'
  return /^[a-z][a-z0-9-]{1,39}$/.test(tenantId) ? { tenantId, state } : { state }
}

export function writeView({ tenantId, state }: View): URLSearchParams {
  const params = new URLSearchParams()
  if (tenantId !== undefined) params.set('tenant', tenantId)
  if (state !== 'SENT') params.set('state', state)
  return params
}

/** The view in the URL, and the ways to another one; each is a step in the browser's history. */
export function useMailView() {
  const [params, setParams] = useSearchParams()
  const view = readView(params)
  return {
    view,
    chooseTenant: (tenantId: string) => setParams(writeView({ ...view, tenantId })),
    chooseState: (state: MessageState) => setParams(writeView({ ...view, state })),
  }
}
