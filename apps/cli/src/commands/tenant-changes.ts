import type { Tenant, TenantSettingsInput } from '@emailauth/client'
import { type Command, Option } from 'commander'
import { type Action, addExamples } from '../action.ts'
import { confirm } from '../confirm.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { addMailOptions, type MailOptions, readMailOptions } from '../mail-options.ts'
import { wholeNumber } from '../option-values.ts'
import { printable } from '../output.ts'
import { connect } from '../settings.ts'

interface UpdateOptions extends MailOptions {
  readonly name?: string
  readonly verification?: 'number' | 'bound'
  readonly ttl?: number
  readonly locale?: string
}

/** Adds what changes a tenant that exists. */
export function addTenantChanges(tenants: Command, action: Action): void {
  const update = tenants
    .command('update')
    .description('change a tenant; what is not given stays as it is')
    .argument('<id>', "the tenant's id")
    .option('--name <name>', 'shown to people in mails')
    .addOption(new Option('--verification <mode>', 'what verify needs').choices(['number', 'bound']))
    .option('--ttl <seconds>', 'life of a number, 60 to 86400', wholeNumber(60, 86_400))
    .option('--locale <tag>', 'language of mails, such as es')
  addMailOptions(update).action(action(updateTenant))
  addExamples(update, [
    'emailauth tenants update shop --ttl 900',
    'emailauth tenants update shop --mail-colour "#1a73e8" --mail-reply-to help@shop.example',
    'emailauth tenants update shop --mail-smtp-url - < smtp-url.txt',
  ])
  const disable = tenants
    .command('disable')
    .description('stop a tenant within seconds; its data stays')
    .argument('<id>', "the tenant's id")
    .action(action(disableTenant))
  addExamples(disable, ['emailauth tenants disable shop'])
  const enable = tenants
    .command('enable')
    .description('let a disabled tenant work again')
    .argument('<id>', "the tenant's id")
    .action(action(enableTenant))
  addExamples(enable, ['emailauth tenants enable shop'])
  const remove = tenants
    .command('delete')
    .description('delete a tenant with everything it has')
    .argument('<id>', "the tenant's id")
    .option('--yes', 'do not ask')
    .action(action(deleteTenant))
  addExamples(remove, ['emailauth tenants delete shop'])
}

async function updateTenant(context: Context, id: string, options: UpdateOptions): Promise<ExitCode> {
  const { name, verification, ttl, locale } = options
  const mail = await readMailOptions(options, context.world.stdin)
  const settings: TenantSettingsInput = {
    ...(verification === undefined
      ? {}
      : { verification: verification === 'bound' ? ('BOUND' as const) : ('NUMBER' as const) }),
    ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
    ...(locale === undefined ? {} : { locale }),
    ...(mail === undefined ? {} : { mail }),
  }
  const hasSettings = Object.keys(settings).length > 0
  if (name === undefined && !hasSettings) {
    throw new CliError(EXIT.usage, 'Say what to change: --name, --verification, --ttl, --locale or --mail-….')
  }
  const client = connect(await context.settings(), 'admin')
  return tell(
    context,
    await client.updateTenant({ id, name, ...(hasSettings ? { settings } : {}) }),
    'Changed.',
  )
}

async function disableTenant(context: Context, id: string): Promise<ExitCode> {
  const client = connect(await context.settings(), 'admin')
  return tell(context, await client.disableTenant(id), 'Disabled; its keys are refused within seconds.')
}

async function enableTenant(context: Context, id: string): Promise<ExitCode> {
  const client = connect(await context.settings(), 'admin')
  return tell(context, await client.enableTenant(id), 'Enabled; its keys work within seconds.')
}

async function deleteTenant(
  context: Context,
  id: string,
  options: { readonly yes?: boolean },
): Promise<ExitCode> {
  const { output } = context
  const client = connect(await context.settings(), 'admin')
  await confirm(context, {
    yes: options.yes,
    question: `Delete the tenant ${printable(id)} with its identities, keys and figures? That cannot be taken back.`,
  })
  const deleted = await client.deleteTenant(id)
  output.data({ id, deleted }, () => '')
  if (deleted) output.talk('It has ended; all that it had is gone within seconds or minutes.')
  else output.problem(NO_SUCH_TENANT)
  return deleted ? EXIT.done : EXIT.notFound
}

const NO_SUCH_TENANT = 'There is no such tenant.'

function tell({ output }: Context, tenant: Tenant | null, said: string): ExitCode {
  if (tenant === null) {
    output.problem(NO_SUCH_TENANT)
    return EXIT.notFound
  }
  output.data(tenant, () => tenant.id)
  output.talk(said)
  return EXIT.done
}
