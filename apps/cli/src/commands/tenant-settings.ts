import type { TenantSettings } from '@emailauth/client'
import { type Command, Option } from 'commander'
import { wholeNumber } from '../option-values.ts'

/** What `tenants create` and `tenants update` can set, as commander reads it. */
export interface TenantOptions {
  readonly name?: string
  readonly verification?: 'number' | 'bound'
  readonly ttl?: number
  readonly locale?: string
}

/** Adds those options to a command. */
export function withTenantSettings(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--verification <mode>',
        'number: the number alone is enough; bound: shorter, with id or email',
      ).choices(['number', 'bound']),
    )
    .option('--ttl <seconds>', 'life of a number, 60 to 86400', wholeNumber(60, 86_400))
    .option('--locale <tag>', 'language of mails, such as es')
}

/** The settings that were given, or undefined when none was. */
export function givenSettings({
  verification,
  ttl,
  locale,
}: TenantOptions): Partial<TenantSettings> | undefined {
  const settings: Partial<TenantSettings> = {
    ...(verification !== undefined && { verification: verification === 'bound' ? 'BOUND' : 'NUMBER' }),
    ...(ttl !== undefined && { ttlSeconds: ttl }),
    ...(locale !== undefined && { locale }),
  }
  return Object.keys(settings).length === 0 ? undefined : settings
}
