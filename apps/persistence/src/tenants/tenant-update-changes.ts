import type { EventChange } from '@emailauth/contracts/events'
import { shownSmtpServer } from '@emailauth/contracts/mail-settings'
import type { TenantChange } from '@emailauth/contracts/tenant-updates'
import type { Tenant } from '@emailauth/contracts/tenants'
import { changesOf } from '../audit/changes-of.ts'

/**
 * The changes that an update makes to a tenant, for the audit log. Unchanged values are left out. With the
 * version it can be found who made a certain one.
 */
export function updateChanges(before: Tenant, { name, status, settings }: TenantChange): EventChange[] {
  const { mail = {}, ...rules } = settings ?? {}
  const { smtpUrl, ...look } = mail
  // The URL itself contains a password.
  const server = typeof smtpUrl === 'string' ? shownSmtpServer(smtpUrl) : smtpUrl
  const changes = [
    ...changesOf('', before, { name }),
    ...changesOf('settings.', before.settings, rules),
    ...changesOf('settings.mail.', before.settings.mail, { ...look, smtpServer: server }),
  ]
  const { version } = before.settings
  // The same server may have got another password.
  const isNew = changes.length > 0 || typeof smtpUrl === 'string'
  return [
    ...changesOf('', before, { status }),
    ...changes,
    ...(isNew ? changesOf('settings.', before.settings, { version: version + 1 }) : []),
  ]
}
