import { z } from 'zod'
import { localeTag, moment, TTL_MAX_SECONDS, TTL_MIN_SECONDS, tenantId } from './common.ts'

/** At most `max` in any `windowSeconds`, counted exactly (a sliding window). */
export const rate = z.object({
  max: z.number().int().min(1).max(1000),
  windowSeconds: z.number().int().min(1).max(86_400),
})
export type Rate = z.infer<typeof rate>

/** NUMBER: the number alone is enough, so it is long. BOUND: identityId or email must come with it, so it may be short. */
export const verificationMode = z.enum(['NUMBER', 'BOUND'])
export type VerificationMode = z.infer<typeof verificationMode>

/** A tenant's settings; all have defaults. */
export const tenantSettings = z
  .object({
    verification: verificationMode.default('NUMBER'),
    ttlSeconds: z.number().int().min(TTL_MIN_SECONDS).max(TTL_MAX_SECONDS).default(600),
    locale: localeTag.default('en'),
    mailsPerAddress: z
      .array(rate)
      .min(1)
      .max(3)
      .default([
        { max: 1, windowSeconds: 30 },
        { max: 5, windowSeconds: 600 },
        { max: 20, windowSeconds: 86_400 },
      ]),
    registersPerClientIp: rate.default({ max: 30, windowSeconds: 600 }),
    missesPerClientIp: rate.default({ max: 20, windowSeconds: 600 }),
    missBudgetPerHour: z.number().int().min(10).max(100_000).default(1000),
    boundDigits: z.number().int().min(6).max(12).default(8),
    boundTries: z.number().int().min(1).max(10).default(5),
  })
  .meta({ id: 'TenantSettings' })
export type TenantSettings = z.infer<typeof tenantSettings>

export const tenant = z
  .object({ id: tenantId, name: z.string(), createdAt: moment, settings: tenantSettings })
  .meta({ id: 'Tenant' })
export type Tenant = z.infer<typeof tenant>

/** A name that people read, in mails and on the dashboard: one line without control characters. */
export const tenantName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]+$/u, 'must be one line without control characters')

/** `POST /v1/tenants` */
export const tenantCreateRequest = z
  .object({ id: tenantId, name: tenantName, settings: tenantSettings.partial().optional() })
  .meta({ id: 'TenantCreateRequest' })
export type TenantCreateRequest = z.infer<typeof tenantCreateRequest>

export const tenantList = z.object({ tenants: z.array(tenant) })
