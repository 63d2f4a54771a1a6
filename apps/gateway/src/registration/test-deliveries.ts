import type { RelayReply } from '@emailauth/contracts/messages'
import type { Registration } from '@emailauth/contracts/registrations'
import type { TestDelivery } from '@emailauth/contracts/test-mode'
import type { DeliveryReports } from '../events/delivery-reports.ts'
import type { DeliveryState } from '../services/mailer/delivery-state.ts'

/** What a server would have replied, so that programs can be tried with it. */
const NO_MAILBOX = {
  relay: null,
  reply: '550 5.1.1 simulated: no such mailbox',
  reason: 'recipient',
} as const
const LATER = { relay: null, reply: '451 4.7.1 simulated: try again later', reason: 'temporary' } as const
const TAKEN = { relay: null, reply: '250 2.0.0 simulated: accepted' } as const

/** Who refused the mail of a test address that provokes it. */
export const TEST_REFUSAL: RelayReply = NO_MAILBOX

/**
 * Simulates the mail to a reserved address of a test tenant. Nothing is sent, but the same outcome is
 * reported as for a real mail. Returns `rejected` where a relay would have refused the recipient.
 */
export function pretendDelivery(
  { identityId, messageId }: Registration,
  delivery: TestDelivery,
  deliveries: Pick<DeliveryReports, 'report'>,
): DeliveryState | 'rejected' {
  const report = (state: 'sent' | 'deferred' | 'bounced', reply: RelayReply) =>
    deliveries.report({ identityId, messageId, state, ...reply })
  switch (delivery) {
    case 'rejected':
      return 'rejected'
    case 'failed':
      return 'FAILED'
    case 'deferred':
      report('deferred', LATER)
      return 'QUEUED'
    case 'bounced':
      report('sent', TAKEN)
      report('bounced', NO_MAILBOX)
      return 'SENT'
    case 'sent':
      report('sent', TAKEN)
      return 'SENT'
  }
}
