import { type MailSettings, smtpUrlAdditionalData } from '@emailauth/contracts/mail-settings'
import {
  ADMIN_SETTINGS,
  ADMIN_TENANT,
  ADMIN_TENANT_NAME,
  DEFAULT_SETTINGS,
  type Tenant,
  tenant as tenantShape,
} from '@emailauth/contracts/tenants'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/rules/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, unseal } from '@emailauth/secrets/seal'

type StoredTenant = Partial<Tenant> & Pick<TenantRecord, 'sealedSmtpUrl'>

/** A tenant in Redis: its public part, and its sealed SMTP URL. */
export interface TenantRecord {
  readonly tenant: Tenant
  /** The tenant's SMTP URL with user and password, sealed for the mailer and this tenant, in base64. */
  readonly sealedSmtpUrl?: string | undefined
}

const FORMAT = 1

export function writeRecord({ tenant, sealedSmtpUrl }: TenantRecord): string {
  return writeJsonRecord(FORMAT, { ...tenant, sealedSmtpUrl })
}

/**
 * Settings that the record lacks have their defaults. Stored settings of the admins' tenant are ignored.
 * @throws {Error} when a newer version wrote it.
 */
export function readRecord(stored: string): TenantRecord {
  // An earlier version may have written it, so what was not there then is optional. The shape below checks
  // the rest.
  const record = readJsonRecord(stored, FORMAT, 'tenant') as StoredTenant
  const { settings, status = 'active', testMode = false, sealedSmtpUrl, ...rest } = record
  if (rest.id === ADMIN_TENANT) {
    const fixed = { name: ADMIN_TENANT_NAME, status: 'active', testMode: false, settings: ADMIN_SETTINGS }
    return { tenant: tenantShape.parse({ ...rest, ...fixed }) }
  }
  return {
    tenant: tenantShape.parse({
      ...rest,
      status,
      testMode,
      settings: { ...DEFAULT_SETTINGS, ...settings },
    }),
    sealedSmtpUrl,
  }
}

/** @param ring the mailer's. */
export function sealSmtpUrl(ring: KeyRing, tenantId: string, smtpUrl: string): string {
  return seal(ring, sealContextOf(tenantId), smtpUrl).toString('base64')
}

/** @throws {UnsealError} when it was sealed for another tenant, or its key has left the ring. */
export function openSmtpUrl(ring: KeyRing, tenantId: string, sealed: string): string {
  return unseal(ring, sealContextOf(tenantId), Buffer.from(sealed, 'base64'))
}

/** The settings of its mails. The SMTP URL stays sealed, because only the mailer opens it. */
export function mailOf({ tenant, sealedSmtpUrl }: TenantRecord): MailSettings {
  const { smtpServer: _shown, ...mail } = tenant.settings.mail
  return sealedSmtpUrl === undefined ? mail : { ...mail, sealedSmtpUrl }
}

const sealContextOf = (tenantId: string): SealContext => ({
  purpose: 'smtp-url',
  additionalData: smtpUrlAdditionalData(tenantId),
})
