import {
  type TenantStatus as TenantStatusValue,
  tenantStatus,
  verificationMode,
} from '@emailauth/contracts/tenants'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { contractEnum } from '../graphql/contract-enum.ts'
import { TenantMail } from './tenant-mail.types.ts'

/** The verification modes as a GraphQL enum. */
export const VerificationMode = contractEnum(verificationMode.options, {
  name: 'VerificationMode',
  description: 'Whether a number alone is enough to verify.',
  values: {
    NUMBER: 'The number alone is enough, so it is long.',
    BOUND: '`identityId` or `email` must come with the number, so it may be short.',
  },
})
export type VerificationMode = keyof typeof VerificationMode

@ObjectType('Rate', { simpleResolvers: true, description: 'At most `max` in any `windowSeconds`.' })
export class Rate {
  @Field(() => Int, { description: 'How many calls are let through.' })
  max!: number

  @Field(() => Int, { description: 'The seconds in which they are counted.' })
  windowSeconds!: number
}

@ObjectType('TenantSettings', {
  simpleResolvers: true,
  description: "A tenant's rules for numbers and mails.",
})
export class TenantSettings {
  @Field(() => VerificationMode, { description: 'Whether a number alone is enough to verify.' })
  verification!: VerificationMode

  @Field(() => Int, {
    description:
      '1 when the tenant is made, and one more with each change of its name or settings, mail texts too.',
  })
  version!: number

  @Field(() => Int, {
    description: 'How long a number is valid unless `register` says otherwise, in seconds.',
  })
  ttlSeconds!: number

  @Field(() => String, { description: 'The language of mails unless `register` says otherwise.' })
  locale!: string

  @Field(() => [Rate], { description: 'Mails to one address; all of them hold.' })
  mailsPerAddress!: Rate[]

  @Field(() => Rate, { description: 'Registrations of one `clientIp`.' })
  registersPerClientIp!: Rate

  @Field(() => Rate, { description: 'Registrations of the whole tenant.' })
  registersPerTenant!: Rate

  @Field(() => Rate, { description: 'Wrong numbers of one `clientIp`.' })
  missesPerClientIp!: Rate

  @Field(() => Int, {
    description:
      'Wrong numbers of the whole tenant in an hour, before `verify` by number alone is limited; in mode BOUND before `verify` by `email` without `identityId` is.',
  })
  missBudgetPerHour!: number

  @Field(() => Int, { description: 'Digits of a number in mode BOUND.' })
  boundDigits!: number

  @Field(() => Int, { description: 'Wrong tries that burn an identity in mode BOUND.' })
  boundTries!: number

  @Field(() => Float, {
    description:
      'The chance of a guess that the tenant accepts: in an hour (NUMBER), or for an identity (BOUND).',
  })
  acceptedRisk!: number

  @Field(() => [String], {
    description:
      'With `testMode`: the addresses that get known numbers and no mail. One address, or `*` and how they end.',
  })
  testAddresses!: string[]

  @Field(() => [String], {
    description: 'Where the hosted page `/verify/<identityId>` may return to; empty: it is not used.',
  })
  returnUrls!: string[]

  @Field(() => TenantMail, { description: 'How its mails look and which way they go.' })
  mail!: TenantMail
}

/** The statuses as a GraphQL enum. */
export const TenantStatus = contractEnum(tenantStatus.options, {
  name: 'TenantStatus',
  description: 'Whether the keys of a tenant are accepted.',
  values: {
    active: 'The keys are accepted.',
    disabled: 'The keys are refused with FORBIDDEN until the tenant is enabled again; its data stays.',
    deleting: 'All of it is being deleted. That cannot be taken back.',
  },
})

@ObjectType('Tenant', {
  simpleResolvers: true,
  description: 'One external server: its settings, API keys, limits and identities are its own.',
})
export class Tenant {
  @Field(() => ID, { description: 'Its id: 2 to 40 of a-z, 0-9 and "-".' })
  id!: string

  @Field(() => String, { description: 'Its name, as people read it in mails.' })
  name!: string

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: string

  @Field(() => TenantStatus, { description: 'Whether its keys are accepted.' })
  status!: TenantStatusValue

  @Field(() => Boolean, {
    description:
      'A test tenant: the addresses of `settings.testAddresses` get known numbers, no mail and no limits. Its keys begin `ea_test_`. It never changes.',
  })
  testMode!: boolean

  @Field(() => TenantSettings, { description: 'Its rules for numbers and mails.' })
  settings!: TenantSettings
}
