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
  readonly missesPerClientIp: Rate
  readonly missBudgetPerHour: number
  readonly boundDigits: number
  readonly boundTries: number
}

/** One external server's own, isolated space. */
export interface Tenant {
  readonly id: string
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly settings: TenantSettings
}

export interface CreateTenantInput {
  /** 2 to 40 of a-z, 0-9 and "-", beginning with a letter. */
  readonly id: string
  /** Shown to the person in mails: who asks. */
  readonly name: string
  /** What is left out has its default. */
  readonly settings?: Partial<TenantSettings> | undefined
}

const FIELDS = `id name createdAt settings {
  verification ttlSeconds locale mailsPerAddress { max windowSeconds } registersPerClientIp { max windowSeconds }
  missesPerClientIp { max windowSeconds } missBudgetPerHour boundDigits boundTries
}`

export const TENANTS = `query Tenants { tenants { ${FIELDS} } }`
export const CREATE_TENANT = `mutation CreateTenant($input: CreateTenantInput!) { createTenant(input: $input) { ${FIELDS} } }`

export function tenantCalls(call: Call) {
  return {
    tenants: () => call.once<readonly Tenant[]>('tenants', TENANTS, {}),
    createTenant: (input: CreateTenantInput) => call.once<Tenant>('createTenant', CREATE_TENANT, { input }),
  }
}
