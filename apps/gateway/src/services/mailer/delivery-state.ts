import type { MessageState } from '@emailauth/contracts/messages'

/** The delivery state of an identity's mail, as external servers and admins see it. */
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

/** Maps the mailer's state to the GraphQL contract. A message that the mailer does not know has failed. */
export function deliveryState(state: MessageState | undefined): DeliveryState {
  return state === undefined ? 'FAILED' : STATES[state]
}
