import type { Tone } from '../../components/state-badge.tsx'
import type { MessageState } from '../../generated/graphql.ts'

/** How a state of a message looks, in every list. */
export const MESSAGE_TONES: Readonly<Record<MessageState, Tone>> = {
  SENT: 'good',
  QUEUED: 'plain',
  DEFERRED: 'warning',
  BOUNCED: 'bad',
  REJECTED: 'bad',
  EXPIRED: 'plain',
  DROPPED: 'plain',
}
