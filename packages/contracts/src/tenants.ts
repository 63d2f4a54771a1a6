import { z } from 'zod'
import { line, localeTag, moment, TEST_TTL_MIN_SECONDS, TTL_MAX_SECONDS, tenantId } from './common.ts'
import { returnUrl, returnUrlToSet } from './hosted-page.ts'
import { mailSettings, mailSettingsPatch, shownMailSettings } from './mail-settings.ts'
import { SIGN_IN_SECONDS } from './sign-ins.ts'
import { TEST_ADDRESSES, testAddressPattern } from './test-mode.ts'

/** At most `max` in any `windowSeconds`, counted exactly (a sliding window). */
export const rate = z.object({
  max: z.number().int().min(1).max(1000),
  windowSeconds: z.number().int().min(1).max(86_400),
})
export type Rate = z.infer<typeof rate>

/** The rate of a whole tenant, which may be large. */
export const tenantRate = rate.extend({ max: z.number().int().min(1).max(1_000_000) })

/**
 * NUMBER: the number alone verifies, so it is long. BOUND: it needs identityId or email, so it can be short.
 */
export const verificationMode = z.enum(['NUMBER', 'BOUND'])

/** The shape of each setting. */
const settingFields = {
  verification: verificationMode,
  /** At least TTL_MIN_SECONDS, except for a test tenant in development. Persistence checks it. */
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
  returnUrls: returnUrlsOf(returnUrl),
}

function returnUrlsOf(url: z.ZodType<string>) {
  return z
    .array(url)
    .max(20)
    .describe('Where the hosted page may return to; empty: the tenant does not use it')
}

export const tenantSettings = z
  .object({
    ...settingFields,
    mail: shownMailSettings,
    version: z
      .number()
      .int()
      .min(1)
      .describe('1 when the tenant is made, and one more with each change of its settings'),
  })
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
  returnUrls: [],
  mail: {},
  version: 1,
}

/** The settings of {@link ADMIN_TENANT}. Stored ones are ignored. */
export const ADMIN_SETTINGS: TenantSettings = {
  ...DEFAULT_SETTINGS,
  verification: 'BOUND',
  ttlSeconds: SIGN_IN_SECONDS,
}

/** Some settings. Absent ones stay the same in a change, and have their defaults in a new tenant. */
export const tenantSettingsPatch = z
  .object({ ...settingFields, returnUrls: returnUrlsOf(returnUrlToSet), mail: mailSettingsPatch })
  .partial()
  .meta({ id: 'TenantSettingsPatch' })
export type TenantSettingsPatch = z.infer<typeof tenantSettingsPatch>

/** disabled: register, verify and its API keys are refused. deleting: the same, until its data is deleted. */
export const tenantStatus = z.enum(['active', 'disabled', 'deleting'])
export type TenantStatus = z.infer<typeof tenantStatus>

/**
 * The tenant whose name is in sign-in mails to admins. It cannot be changed, disabled or deleted. Its mails
 * use only the operator's relay and sender, so that a stolen admin key cannot redirect them.
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

/** `GET /v1/tenants`: by id. Without `first` all of them. */
export const tenantListQuery = z.object({
  first: z.coerce.number().int().min(1).max(200).optional().describe('Length of the page'),
  after: tenantId.optional().describe('The last id of the page before'),
})
export type TenantListQuery = z.infer<typeof tenantListQuery>

export const tenantList = z.object({
  tenants: z.array(tenant),
  hasNextPage: z.boolean().default(false).describe('Whether there are more behind this page'),
})
export type TenantList = z.infer<typeof tenantList>

/** `GET /v1/tenants/:id/sender`: the settings of its mails. The SMTP URL is sealed for the mailer. */
export const tenantSender = z
  .object({ tenantName: z.string(), mail: mailSettings.optional() })
  .meta({ id: 'TenantSender' })
export type TenantSender = z.infer<typeof tenantSender>
