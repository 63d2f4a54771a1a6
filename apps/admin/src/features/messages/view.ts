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

/** Reads the state from any URL. An invalid one is ignored. */
export function readState(params: URLSearchParams): MessageState {
  return MESSAGE_STATES.find((known) => known === params.get('state')) ?? 'SENT'
}

/** The view in the URL: messages in a state, or suppressed addresses. */
export function useMessagesView() {
  const [params, setParams] = useSearchParams()
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(params)
    next.set(name, value)
    setParams(next)
  }
  return {
    state: readState(params),
    isSuppressed: params.get('list') === 'suppressed',
    chooseState: (state: string) => change('state', state),
    chooseList: (list: string) => change('list', list),
  }
}
