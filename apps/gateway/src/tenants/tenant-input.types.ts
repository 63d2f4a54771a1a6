import type { TenantSettingName } from '@emailauth/contracts/tenant-updates'
import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { VerificationMode } from './tenant.types.ts'
import { TenantMailInput } from './tenant-mail.types.ts'
import { TenantSetting } from './tenant-setting.enum.ts'

@InputType('RateInput', { description: 'At most `max` in any `windowSeconds`.' })
export class RateInput {
  @Field(() => Int, {
    description: 'How many are let through: 1 to 1,000; for `registersPerTenant` up to 1,000,000.',
  })
  max!: number

  @Field(() => Int, { description: 'In how many seconds: 1 to 86,400.' })
  windowSeconds!: number
}

@InputType('TenantSettingsInput', {
  description: 'Rules for numbers and mails; what is left out has its default.',
})
export class TenantSettingsInput {
  @Field(() => VerificationMode, { nullable: true, description: 'What `verify` needs. Default: NUMBER.' })
  verification?: VerificationMode | null

  @Field(() => Int, {
    nullable: true,
    description:
      'How long a number is valid, in seconds: 60 to 86,400; with `testMode` in development 1 and more. Default: 600.',
  })
  ttlSeconds?: number | null

  @Field(() => String, { nullable: true, description: 'Language of mails, such as `es`. Default: `en`.' })
  locale?: string | null

  @Field(() => [RateInput], {
    nullable: true,
    description: 'Mails to one address, 1 to 3 rates. Default: 1 in 30 s, 5 in 10 min, 20 in a day.',
  })
  mailsPerAddress?: RateInput[] | null

  @Field(() => RateInput, {
    nullable: true,
    description: 'Registrations of one `clientIp`. Default: 30 in 10 min.',
  })
  registersPerClientIp?: RateInput | null

  @Field(() => RateInput, {
    nullable: true,
    description: 'Registrations of the whole tenant. Default: 100,000 in 10 min.',
  })
  registersPerTenant?: RateInput | null

  @Field(() => RateInput, {
    nullable: true,
    description: 'Wrong numbers of one `clientIp`. Default: 20 in 10 min.',
  })
  missesPerClientIp?: RateInput | null

  @Field(() => Int, {
    nullable: true,
    description: 'Wrong numbers of the tenant in an hour: 10 to 100,000. Default: 1,000.',
  })
  missBudgetPerHour?: number | null

  @Field(() => Int, { nullable: true, description: 'Digits in mode BOUND: 6 to 12. Default: 8.' })
  boundDigits?: number | null

  @Field(() => Int, { nullable: true, description: 'Wrong tries in mode BOUND: 1 to 10. Default: 5.' })
  boundTries?: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'The chance of a guess to accept, 1e-9 to 1e-5: in an hour (NUMBER), or for an identity (BOUND). Default: 1e-6.',
  })
  acceptedRisk?: number | null

  @Field(() => [String], {
    nullable: true,
    description:
      'With `testMode`: 1 to 10 addresses, or `*` and how they end, at domains that nobody reads (`example.com`, below `.test`, `.invalid` …). Default: `*+emailauth-test@example.com`, `*@test.emailauth.invalid`.',
  })
  testAddresses?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Where the hosted page may return to: up to 20 whole URLs, `https://` or `http://localhost`. Default: none, and no page.',
  })
  returnUrls?: string[] | null

  @Field(() => TenantMailInput, {
    nullable: true,
    description: 'How mails look and which way they go. Default: as the service is set up.',
  })
  mail?: TenantMailInput | null
}

@InputType('CreateTenantInput', { description: 'A tenant to make.' })
export class CreateTenantInput {
  @Field(() => ID, {
    description: '2 to 40 of a-z, 0-9 and "-", beginning with a letter. It cannot be changed.',
  })
  id!: string

  @Field(() => String, {
    description: 'Its name, as people read it in mails: one line, at most 80 characters.',
  })
  name!: string

  @Field(() => Boolean, {
    nullable: true,
    description: 'Make a test tenant. It cannot be changed later. Default: false.',
  })
  testMode?: boolean | null

  @Field(() => TenantSettingsInput, { nullable: true, description: 'Its rules for numbers and mails.' })
  settings?: TenantSettingsInput | null
}

@InputType('UpdateTenantInput', {
  description: 'What to change of a tenant; what is left out stays as it is.',
})
export class UpdateTenantInput {
  @Field(() => ID, { description: 'The id of the tenant to change.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'Its name: one line, at most 80 characters.' })
  name?: string | null

  @Field(() => TenantSettingsInput, {
    nullable: true,
    description: 'The rules to change; what is left out stays.',
  })
  settings?: TenantSettingsInput | null

  @Field(() => [TenantSetting], {
    nullable: true,
    description:
      'Settings that get their defaults again; those of mails are removed. A setting that is also in `settings` is refused.',
  })
  reset?: TenantSettingName[] | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The `settings.version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case.',
  })
  ifVersion?: number | null
}
