import { z } from 'zod'
import { line, localeTag, moment, TEST_TTL_MIN_SECONDS, TTL_MAX_SECONDS, tenantId } from './common.ts'
import { mailSettings, mailSettingsPatch, shownMailSettings } from './mail-settings.ts'
import { SIGN_IN_SECONDS } from './sign-ins.ts'
import { TEST_ADDRESSES, testAddressPattern } from './test-mode.ts'

/** At most `max` in any `windowSeconds`, counted exactly (a sliding window). */
export const rate = z.object({
  max: z.number().int().min(1).max(1000),
  windowSeconds: z.number().int().min(1).max(86_400),
})
export type Rate = z.infer<typeof rate>

/** The same for a whole tenant, which may be large. */
export const tenantRate = rate.extend({ max: z.number().int().min(1).max(1_000_000) })

/** NUMBER: the number alone verifies, so it is long. BOUND: it needs identityId or email, so it may be short. */
export const verificationMode = z.enum(['NUMBER', 'BOUND'])
export type VerificationMode = z.infer<typeof verificationMode>

/** Each setting's shape, and the value it has when nobody sets it. */
const settingFields = {
  verification: verificationMode,
  /** At least TTL_MIN_SECONDS, but with a test tenant in development, which persistence checks. */
  ttlSeconds: z.number().int().min(TEST_TTL_MIN_SECONDS).max(TTL_MAX_SECONDS),
  locale: localeTag,
  mailsPerAddress: z.array(rate).min(1).max(3),
  registersPerClientIp: rate,
  registersPerTenant: tenantRate,
  missesPerClientIp: rate,
  missBudgetPerHour: z.number().int().min(10).max(100_000),
  boundDigits: z.number().int().min(6).max(12),
  boundTries: z.number().int().min(1).max(10),
  acceptedRisk: z.number().min(1e-9).max(1e-5),
  testAddresses: z.array(testAddressPattern).min(1).max(10),
}

export const tenantSettings = z
  .object({ ...settingFields, mail: shownMailSettings })
  .meta({ id: 'TenantSettings' })
export type TenantSettings = z.infer<typeof tenantSettings>

export const DEFAULT_SETTINGS: TenantSettings = {
  verification: 'NUMBER',
  ttlSeconds: 600,
  locale: 'en',
  mailsPerAddress: [
    { max: 1, windowSeconds: 30 },
    { max: 5, windowSeconds: 600 },
    { max: 20, windowSeconds: 86_400 },
  ],
  registersPerClientIp: { max: 30, windowSeconds: 600 },
  registersPerTenant: { max: 100_000, windowSeconds: 600 },
  missesPerClientIp: { max: 20, windowSeconds: 600 },
  missBudgetPerHour: 1000,
  boundDigits: 8,
  boundTries: 5,
  acceptedRisk: 1e-6,
  testAddresses: [...TEST_ADDRESSES],
  mail: {},
}

/** The settings of {@link ADMIN_TENANT}, whatever is stored. */
export const ADMIN_SETTINGS: TenantSettings = {
  ...DEFAULT_SETTINGS,
  verification: 'BOUND',
  ttlSeconds: SIGN_IN_SECONDS,
}

/** Some of the settings: those that are absent stay as they are, or take their defaults. */
export const tenantSettingsPatch = z
  .object({ ...settingFields, mail: mailSettingsPatch })
  .partial()
  .meta({ id: 'TenantSettingsPatch' })
export type TenantSettingsPatch = z.infer<typeof tenantSettingsPatch>

/** disabled: it registers and verifies nothing, and its keys do nothing. deleting: the same, until its data is gone. */
export const tenantStatus = z.enum(['active', 'disabled', 'deleting'])
export type TenantStatus = z.infer<typeof tenantStatus>

/**
 * The tenant in whose name sign-in numbers are mailed to admins. Nobody changes, disables or deletes it: its mails go by the operator's relay
 * and sender alone, so that who has stolen an admin key cannot lead them elsewhere.
 */
export const ADMIN_TENANT = 'admin'
export const ADMIN_TENANT_NAME = 'emailauth'

export const tenant = z
  .object({
    id: tenantId,
    name: z.string(),
    createdAt: moment,
    status: tenantStatus,
    testMode: z
      .boolean()
      .describe('Fixed when it is made: reserved addresses get known numbers, and its keys begin `ea_test_`'),
    settings: tenantSettings,
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.infer<typeof tenant>

/** A name that people read, in mails and on the dashboard. */
export const tenantName = line(80)

/** `POST /v1/tenants` */
export const tenantCreateRequest = z
  .object({
    id: tenantId,
    name: tenantName,
    testMode: z.boolean().optional().describe('It cannot be changed later'),
    settings: tenantSettingsPatch.optional(),
  })
  .meta({ id: 'TenantCreateRequest' })
export type TenantCreateRequest = z.infer<typeof tenantCreateRequest>

/** `PATCH /v1/tenants/:id`: what is absent stays as it is. */
export const tenantUpdateRequest = z
  .object({
    name: tenantName.optional(),
    settings: tenantSettingsPatch.optional(),
    status: tenantStatus.exclude(['deleting']).optional(),
  })
  .meta({ id: 'TenantUpdateRequest' })
export type TenantUpdateRequest = z.infer<typeof tenantUpdateRequest>

export const tenantList = z.object({ tenants: z.array(tenant) })

/** `GET /v1/tenants/:id/sender`: what its mails need. It carries a secret, for the mailer alone. */
export const tenantSender = z
  .object({ tenantName: z.string(), mail: mailSettings.optional() })
  .meta({ id: 'TenantSender' })
export type TenantSender = z.infer<typeof tenantSender>
