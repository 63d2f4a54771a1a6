import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'

interface TenantMail {
  readonly tenantId: string
  readonly mail?: MailSettings | undefined
}

/**
 * A tenant's own sender, look and SMTP server. The admins' tenant has none, whatever a request or a queued record says: numbers for sign-in go
 * by the operator's relay alone.
 */
export function mailOf({ tenantId, mail }: TenantMail): MailSettings | undefined {
  return tenantId === ADMIN_TENANT ? undefined : mail
}
