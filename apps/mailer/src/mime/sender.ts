import type { MailSettings } from '@emailauth/contracts/mail-settings'
import type { Mailbox } from './mailbox.ts'

/** Who a tenant's mails come from. */
export type SenderOf = (mail: MailSettings | undefined) => Mailbox

/** The tenant's own name and address where it has them, else those of the service. */
export function createSenderOf(from: Mailbox): SenderOf {
  return (mail) => ({
    name: mail?.senderName ?? from.name,
    address: mail?.senderAddress ?? from.address,
  })
}
