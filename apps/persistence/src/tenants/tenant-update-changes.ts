import { cutText } from '@emailauth/contracts/cut-text'
import { CHANGE_MAX_LENGTH, type EventChange } from '@emailauth/contracts/events'
import { shownSmtpServer } from '@emailauth/contracts/mail-settings'
import type { TenantChange } from '@emailauth/contracts/tenant-updates'
import type { Tenant } from '@emailauth/contracts/tenants'

/** The changes that an update makes to a tenant, for the audit log. Unchanged values are left out. */
export function updateChanges(before: Tenant, { name, status, settings }: TenantChange): EventChange[] {
  const { mail = {}, ...rules } = settings ?? {}
  const { smtpUrl, ...look } = mail
  // The URL itself contains a password.
  const server = typeof smtpUrl === 'string' ? shownSmtpServer(smtpUrl) : smtpUrl
  return [
    ...changesOf('', before, { name, status }),
    ...changesOf('settings.', before.settings, rules),
    ...changesOf('settings.mail.', before.settings.mail, { ...look, smtpServer: server }),
  ]
}

function changesOf(prefix: string, before: object, patch: object): EventChange[] {
  // Fields are looked up by their names, which the patch has.
  const known = before as Readonly<Record<string, unknown>>
  return Object.entries(patch).flatMap(([name, value]) => {
    if (value === undefined) return []
    const change = { field: prefix + name, before: toText(known[name]), after: toText(value) }
    return change.before === change.after ? [] : [change]
  })
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return cutText(typeof value === 'string' ? value : JSON.stringify(value), CHANGE_MAX_LENGTH)
}
