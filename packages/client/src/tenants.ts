import type { Call } from './call.ts'

/** At most `max` in any `windowSeconds`. */
export interface Rate {
  readonly max: number
  readonly windowSeconds: number
}

export interface TenantSettings {
  /** `NUMBER`: the number alone is enough. `BOUND`: identityId or email must come with it, so it is shorter. */
  readonly verification: 'NUMBER' | 'BOUND'
  /** Life of a number in seconds when `register` says nothing. */
  readonly ttlSeconds: number
  readonly locale: string
  readonly mailsPerAddress: readonly Rate[]
  readonly registersPerClientIp: Rate
  /** Registrations of the whole tenant. */
  readonly registersPerTenant: Rate
  readonly missesPerClientIp: Rate
  readonly missBudgetPerHour: number
  readonly boundDigits: number
  readonly boundTries: number
  /** The chance of a guess that is accepted, 1e-9 to 1e-5: in an hour (`NUMBER`), or for an identity (`BOUND`). */
  readonly acceptedRisk: number
  readonly mail: TenantMail
  /** How likely a guess is with these settings. */
  readonly risk: TenantRisk
}

export interface TenantRisk {
  readonly chance: number
  /** `HOUR`: that anybody's number is guessed within an hour. `IDENTITY`: that a number is guessed before it burns. */
  readonly per: 'HOUR' | 'IDENTITY'
  readonly digits: number
  /** The same as a sum that can be checked. */
  readonly arithmetic: string
}

/** A mail's texts in one language, in the tenant's own words; ours hold where there is none. */
export interface TenantMailText {
  /** Such as `es` or `zh-Hant`. */
  readonly language: string
  /** With `{tenant}` and, once, `{code}`; without `{code}` neither subject nor preview shows it. */
  readonly subject?: string | null
  /** With `{tenant}`. */
  readonly heading?: string | null
  /** With `{tenant}` and `{valid}`. */
  readonly intro?: string | null
  /** With `{tenant}`. */
  readonly footer?: string | null
}

/** How a tenant's mails look and which way they go; null where the service's own way holds. */
export interface TenantMail {
  readonly senderName: string | null
  readonly senderAddress: string | null
  readonly replyTo: string | null
  /** Such as `#1a73e8`. */
  readonly colour: string | null
  readonly logoUrl: string | null
  /** A page of yours, with `{number}` in the query or the fragment. */
  readonly linkTemplate: string | null
  /** Texts in its own words, each language once; given, they replace all that were there. */
  readonly texts: readonly TenantMailText[] | null
  /** False: neither subject nor preview show the code. Null is true. */
  readonly codeInSubject: boolean | null
  /** Such as `smtps://mail.example.com:465`: never with user and password. */
  readonly smtpServer: string | null
}

/** What is left out stays as it is; null takes a setting away. */
export interface TenantMailInput extends Partial<Omit<TenantMail, 'smtpServer'>> {
  /** With user and password. It is kept sealed, and cannot be read again. */
  readonly smtpUrl?: string | null
}

/** What is left out stays as it is, or has its default. */
export interface TenantSettingsInput extends Partial<Omit<TenantSettings, 'mail' | 'risk'>> {
  readonly mail?: TenantMailInput
}

/** One external server's own, isolated space. */
export interface Tenant {
  readonly id: string
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** `DISABLED`: its keys are refused until it is enabled. `DELETING`: all of it is going. */
  readonly status: 'ACTIVE' | 'DISABLED' | 'DELETING'
  readonly settings: TenantSettings
}

export interface CreateTenantInput {
  /** 2 to 40 of a-z, 0-9 and "-", beginning with a letter. */
  readonly id: string
  /** Shown to the person in mails: who asks. */
  readonly name: string
  readonly settings?: TenantSettingsInput | undefined
}

/** What is left out stays as it is. */
export interface UpdateTenantInput {
  readonly id: string
  readonly name?: string | undefined
  readonly settings?: TenantSettingsInput | undefined
}

const FIELDS = `id name createdAt status settings {
  verification ttlSeconds locale mailsPerAddress { max windowSeconds } registersPerClientIp { max windowSeconds }
  registersPerTenant { max windowSeconds }
  missesPerClientIp { max windowSeconds } missBudgetPerHour boundDigits boundTries acceptedRisk
  risk { chance per digits arithmetic }
  mail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject
    texts { language subject heading intro footer } }
}`

export const TENANTS = `query Tenants { tenants { ${FIELDS} } }`
export const CREATE_TENANT = `mutation CreateTenant($input: CreateTenantInput!) { createTenant(input: $input) { ${FIELDS} } }`

export const UPDATE_TENANT = `mutation UpdateTenant($input: UpdateTenantInput!) { updateTenant(input: $input) { ${FIELDS} } }`
export const DISABLE_TENANT = `mutation DisableTenant($id: ID!) { disableTenant(id: $id) { ${FIELDS} } }`
export const ENABLE_TENANT = `mutation EnableTenant($id: ID!) { enableTenant(id: $id) { ${FIELDS} } }`
export const DELETE_TENANT = 'mutation DeleteTenant($id: ID!) { deleteTenant(id: $id) }'

export function tenantCalls(call: Call) {
  return {
    tenants: () => call.once<readonly Tenant[]>('tenants', TENANTS, {}),
    createTenant: (input: CreateTenantInput) => call.once<Tenant>('createTenant', CREATE_TENANT, { input }),
    updateTenant: (input: UpdateTenantInput) =>
      call.once<Tenant | null>('updateTenant', UPDATE_TENANT, { input }),
    disableTenant: (id: string) => call.once<Tenant | null>('disableTenant', DISABLE_TENANT, { id }),
    enableTenant: (id: string) => call.once<Tenant | null>('enableTenant', ENABLE_TENANT, { id }),
    deleteTenant: (id: string) => call.once<boolean>('deleteTenant', DELETE_TENANT, { id }),
  }
}
