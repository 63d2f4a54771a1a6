import type { Registration } from '@emailauth/contracts/registrations'
import type { TestDelivery } from '@emailauth/contracts/test-mode'
import type { DeliveryReports } from '../events/delivery-reports.ts'
import type { DeliveryState } from '../services/mailer/delivery-state.ts'

/**
 * A mail to a reserved address of a test tenant: none is sent, and what would be reported of a real one that fared so is reported.
 * Answers `rejected` where the mail server would have refused the recipient.
 */
export function pretendDelivery(
  { identityId, messageId }: Registration,
  delivery: TestDelivery,
  deliveries: Pick<DeliveryReports, 'report'>,
): DeliveryState | 'rejected' {
  const report = (state: 'sent' | 'deferred' | 'bounced') =>
    deliveries.report({ identityId, messageId, state })
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
