import type { Rate, TenantSettingsInput } from '@emailauth/client'
import { type Command, Option } from 'commander'
import type { World } from '../context.ts'
import { addMailOptions, type MailOptions, readMailOptions } from './mail-options.ts'
import { chance, wholeNumber } from './option-values.ts'
import { readRate, readRates } from './rates.ts'

/** What `tenants create` and `tenants update` can set, as commander reads it. */
export interface TenantOptions extends MailOptions {
  readonly name?: string
  readonly verification?: 'number' | 'bound'
  readonly ttl?: number
  readonly locale?: string
  readonly boundDigits?: number
  readonly boundTries?: number
  readonly acceptedRisk?: number
  readonly mailsPerAddress?: readonly Rate[]
  readonly registersPerIp?: Rate
  readonly registersPerTenant?: Rate
  readonly missesPerIp?: Rate
  readonly missBudget?: number
  readonly testAddress?: string[]
  readonly returnUrl?: string[] | false
}

/** Adds those options to a command. */
export function withTenantSettings(command: Command): Command {
  command
    .addOption(
      new Option(
        '--verification <mode>',
        'number: the number alone is enough; bound: shorter, with id or email',
      ).choices(['number', 'bound']),
    )
    .option(
      '--ttl <seconds>',
      'life of a number, 60 to 86400; of a test tenant in development from 1',
      wholeNumber(1, 86_400),
    )
    .option('--locale <tag>', 'language of mails, such as es')
    .option('--bound-digits <count>', 'digits of a number with --verification bound', wholeNumber(6, 12))
    .option('--bound-tries <count>', 'wrong numbers that burn an identity then', wholeNumber(1, 10))
    .option('--accepted-risk <chance>', 'chance of a guess to accept, 1e-9 to 1e-5', chance(1e-9, 1e-5))
    .option('--mails-per-address <rates>', 'such as 1/30s,5/10m,20/1d', readRates)
    .option('--registers-per-ip <rate>', 'registrations of one client IP, such as 30/10m', readRate)
    .option('--registers-per-tenant <rate>', 'registrations of the whole tenant', readRate)
    .option('--misses-per-ip <rate>', 'wrong numbers of one client IP, such as 20/10m', readRate)
    .option('--miss-budget <count>', 'wrong numbers of the tenant in an hour', wholeNumber(10, 100_000))
    .option(
      '--test-address <pattern...>',
      'addresses that a test tenant reserves, such as *@shop.test (default: *+emailauth-test@example.com and *@test.emailauth.invalid)',
    )
  command
    .option('--return-url <url...>', 'whole URLs that the hosted page may return to')
    .option('--no-return-url', 'turn the hosted page off')
  return addMailOptions(command)
}

/** The settings that were given, or undefined when none was. */
export async function givenSettings(
  options: TenantOptions,
  stdin: World['stdin'],
): Promise<TenantSettingsInput | undefined> {
  const { verification, ttl, locale, boundDigits, boundTries, acceptedRisk, testAddress, returnUrl } = options
  const mail = await readMailOptions(options, stdin)
  const settings: TenantSettingsInput = {
    ...(verification !== undefined && { verification: verification === 'bound' ? 'BOUND' : 'NUMBER' }),
    ...(ttl !== undefined && { ttlSeconds: ttl }),
    ...(locale !== undefined && { locale }),
    ...(boundDigits !== undefined && { boundDigits }),
    ...(boundTries !== undefined && { boundTries }),
    ...(acceptedRisk !== undefined && { acceptedRisk }),
    ...(options.mailsPerAddress && { mailsPerAddress: options.mailsPerAddress }),
    ...(options.registersPerIp && { registersPerClientIp: options.registersPerIp }),
    ...(options.registersPerTenant && { registersPerTenant: options.registersPerTenant }),
    ...(options.missesPerIp && { missesPerClientIp: options.missesPerIp }),
    ...(options.missBudget !== undefined && { missBudgetPerHour: options.missBudget }),
    ...(testAddress !== undefined && { testAddresses: testAddress }),
    ...(returnUrl !== undefined && { returnUrls: returnUrl === false ? [] : returnUrl }),
    ...(mail !== undefined && { mail }),
  }
  return Object.keys(settings).length === 0 ? undefined : settings
}
