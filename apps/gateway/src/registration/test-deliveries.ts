import type { Registration } from '@emailauth/contracts/registrations'
import type { TestDelivery } from '@emailauth/contracts/test-mode'
import type { DeliveryReports } from '../events/delivery-reports.ts'
import type { DeliveryState } from '../services/mailer/delivery-state.ts'

/**
 * Simulates the mail to a reserved address of a test tenant. Nothing is sent, but the same outcome is
 * reported as for a real mail. Returns `rejected` where a relay would have refused the recipient.
 */
export function pretendDelivery(
  { identityId, messageId }: Registration,
  delivery: TestDelivery,
  deliveries: Pick<DeliveryReports, 'report'>,
): DeliveryState | 'rejected' {
  const report = (state: 'sent' | 'deferred' | 'bounced') =>
    deliveries.report({ identityId, messageId, state, relay: null, reply: null })
  switch (delivery) {
    case 'rejected':
      return 'rejected'
    case 'failed':
      return 'FAILED'
    case 'deferred':
      report('deferred')
      return 'QUEUED'
    case 'bounced':
      report('sent')
      report('bounced')
      return 'SENT'
    case 'sent':
      report('sent')
      return 'SENT'
  }
}
