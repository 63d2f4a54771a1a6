import { type NavigateOptions, useSearchParams } from 'react-router'
import type { DeliveryReason, MessageState } from '../../generated/graphql.ts'

export const MESSAGE_STATES = [
  'SENT',
  'QUEUED',
  'DEFERRED',
  'BOUNCED',
  'REJECTED',
  'EXPIRED',
  'DROPPED',
] as const satisfies readonly MessageState[]

/** The states whose messages have a reason. */
export const PROBLEM_STATES: readonly MessageState[] = ['DEFERRED', 'BOUNCED', 'REJECTED']

export const REASONS = [
  'RECIPIENT',
  'SUPPRESSED',
  'MAILBOX_FULL',
  'SENDER',
  'BLOCKED',
  'LIMIT',
  'RELAYING',
  'CREDENTIALS',
  'CONTENT',
  'POLICY',
  'PROTOCOL',
  'TEMPORARY',
  'UNREACHABLE',
  'SLOW',
  'OTHER',
] as const satisfies readonly DeliveryReason[]

/** Reads the reason from any URL. undefined: any. Messages without a problem have none. */
export function readReason(params: URLSearchParams): DeliveryReason | undefined {
  const state = readState(params)
  if (state === undefined || !PROBLEM_STATES.includes(state)) return undefined
  return REASONS.find((known) => known === params.get('reason'))
}

/** Reads the state from any URL. An invalid one is ignored. undefined: none was chosen yet. */
export function readState(params: URLSearchParams): MessageState | undefined {
  return MESSAGE_STATES.find((known) => known === params.get('state'))
}

/** The view in the URL: messages in a state, or suppressed addresses. */
export function useMessagesView() {
  const [params, setParams] = useSearchParams()
  const change = (name: string, value: string, options?: NavigateOptions) => {
    const next = new URLSearchParams(params)
    if (value === '') next.delete(name)
    else next.set(name, value)
    setParams(next, options)
  }
  return {
    state: readState(params),
    reason: readReason(params),
    isSuppressed: params.get('list') === 'suppressed',
    chooseState: (state: string) => change('state', state),
    /** The page chooses it, so it is no step back in the browser's history. */
    openState: (state: MessageState) => change('state', state, { replace: true }),
    chooseReason: (reason: string) => change('reason', reason),
    chooseList: (list: string) => change('list', list),
  }
}
