import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { DEFAULT_SETTINGS, type Tenant, tenant as tenantShape } from '@emailauth/contracts/tenants'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, unseal } from '@emailauth/secrets/seal'

/** A tenant as it lies in Redis: what may be shown of it, and beside it what may not. */
export interface TenantRecord {
  readonly tenant: Tenant
  /** Its SMTP URL, with user and password: sealed for this tenant, in base64. */
  readonly sealedSmtpUrl?: string | undefined
}

export function writeRecord({ tenant, sealedSmtpUrl }: TenantRecord): string {
  return JSON.stringify({ ...tenant, sealedSmtpUrl })
}

/** A tenant that was stored before a setting existed has that setting's default. */
export function readRecord(stored: string): TenantRecord {
  const { settings, status = 'active', sealedSmtpUrl, ...rest } = JSON.parse(stored)
  return {
    tenant: tenantShape.parse({ ...rest, status, settings: { ...DEFAULT_SETTINGS, ...settings } }),
    sealedSmtpUrl,
  }
}

export function sealSmtpUrl(ring: KeyRing, tenantId: string, smtpUrl: string): string {
  return seal(ring, placeOf(tenantId), smtpUrl).toString('base64')
}

/** @throws {UnsealError} when it was sealed for another tenant, or its key has left the ring. */
export function openSmtpUrl(ring: KeyRing, tenantId: string, sealed: string): string {
  return unseal(ring, placeOf(tenantId), Buffer.from(sealed, 'base64'))
}

/** All that its mails need, the secret among it. @throws {UnsealError} */
export function openMail(ring: KeyRing, { tenant, sealedSmtpUrl }: TenantRecord): MailSettings {
  const { smtpServer: _shown, ...mail } = tenant.settings.mail
  return sealedSmtpUrl === undefined
    ? mail
    : { ...mail, smtpUrl: openSmtpUrl(ring, tenant.id, sealedSmtpUrl) }
}

const placeOf = (tenantId: string) => `tenant ${tenantId} smtp url`
