import type { MessageState } from '@emailauth/contracts/messages'

/** How the mail of an identity fares, as external servers and admins see it. */
export type DeliveryState = 'SENT' | 'QUEUED' | 'FAILED'

const STATES: Readonly<Record<MessageState, DeliveryState>> = {
  sent: 'SENT',
  queued: 'QUEUED',
  deferred: 'QUEUED',
  rejected: 'FAILED',
  bounced: 'FAILED',
  expired: 'FAILED',
  dropped: 'FAILED',
}

/** The mailer's state in the words of the GraphQL contract; a message that it does not know has failed. */
export function deliveryState(state: MessageState | undefined): DeliveryState {
  return state === undefined ? 'FAILED' : STATES[state]
}
