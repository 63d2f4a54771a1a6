import { z } from 'zod'
import { ifVersion } from './common.ts'
import {
  DEFAULT_SETTINGS,
  type TenantSettingsPatch,
  tenantName,
  tenantSettingsPatch,
  tenantStatus,
} from './tenants.ts'

const { mail, ...rules } = tenantSettingsPatch.shape
const mailFields = mail.unwrap().shape

/** `mail.smtpUrl` and the like. */
type MailSettingName = `mail.${Extract<keyof typeof mailFields, string>}`

/** The name of each setting as a dotted path, taken from the settings themselves. */
export const tenantSettingName = z.enum([
  ...Object.keys(rules),
  ...Object.keys(mailFields).map((name) => `mail.${name}`),
] as (keyof typeof rules | MailSettingName)[])
export type TenantSettingName = z.infer<typeof tenantSettingName>

/** `PATCH /v1/tenants/:id`: absent fields stay the same. A setting may be given or reset, not both. */
export const tenantUpdateRequest = z
  .object({
    name: tenantName.optional(),
    settings: tenantSettingsPatch.optional(),
    reset: z
      .array(tenantSettingName)
      .max(100)
      .optional()
      .describe('Settings that get their defaults again; those of mails are removed'),
    status: tenantStatus.exclude(['deleting']).optional(),
    ifVersion: ifVersion.describe('The `settings.version` that it was made from'),
  })
  .superRefine(({ settings, reset = [] }, context) => {
    const both = reset.find((name) => givenValue(settings, name) !== undefined)
    if (both === undefined) return
    context.addIssue({ code: 'custom', path: ['reset'], message: `${both} is both given and reset` })
  })
  .meta({ id: 'TenantUpdateRequest' })
export type TenantUpdateRequest = z.infer<typeof tenantUpdateRequest>

/** What an update comes to once its resets are the defaults that they stand for. */
export type TenantChange = Omit<TenantUpdateRequest, 'reset'>

/** Puts the default in for each setting that is reset. Those of mails become null, which removes them. */
export function withDefaults({ reset, ...change }: TenantUpdateRequest): TenantChange {
  if (reset === undefined || reset.length === 0) return change
  const rules: Record<string, unknown> = { ...change.settings }
  const mail: Record<string, unknown> = { ...change.settings?.mail }
  for (const name of reset) {
    const value = givenValue(DEFAULT_SETTINGS, name)
    if (name.startsWith('mail.')) mail[name.slice('mail.'.length)] = value ?? null
    else rules[name] = value
  }
  return { ...change, settings: { ...rules, mail } }
}

function givenValue(settings: TenantSettingsPatch = {}, name: TenantSettingName): unknown {
  const { mail = {}, ...others } = settings
  const values: Readonly<Record<string, unknown>> = name.startsWith('mail.') ? mail : others
  return values[name.replace('mail.', '')]
}
