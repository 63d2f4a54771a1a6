import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'

interface TenantMail {
  readonly tenantId: string
  readonly mail?: MailSettings | undefined
}

/**
 * A tenant's own sender, look and SMTP server. The admins' tenant has none, whatever a request or a queued
 * record says: sign-in codes use only the operator's relay.
 */
export function mailOf({ tenantId, mail }: TenantMail): MailSettings | undefined {
  return tenantId === ADMIN_TENANT ? undefined : mail
}
