import type { Tenant, TenantSetting, TenantSettingsInput } from '@emailauth/client'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { readReset } from '../options/tenant-resets.ts'
import { givenSettings, type TenantOptions, withTenantSettings } from '../options/tenant-settings.ts'
import { sayWhatIsUnusual } from '../options/unusual-smtp-url.ts'
import { confirm } from '../prompts/confirm.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_TENANT } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { orSayWhoChanged, withIfVersion } from '../versions/if-version.ts'

/** Adds what changes a tenant that exists. */
export function addTenantChanges(tenants: Command, action: Action): void {
  const change = (name: string, description: string, ...examples: string[]): Command => {
    const command = tenants.command(name).description(description).argument('<id>', "the tenant's id")
    addExamples(
      command,
      examples.map((example) => `emailauth tenants ${name} shop${example}`),
    )
    return command
  }
  const update = change(
    'update',
    'change a tenant; what is not given stays as it is',
    ' --ttl 900',
    ' --verification bound --bound-digits 6 --accepted-risk 5e-6',
    ' --mail-colour "#1a73e8" --mail-reply-to help@shop.example',
    ' --mail-smtp-url - < smtp-url.txt',
    ' --reset ttl --reset mail-colour',
  )
  update
    .option('--name <name>', 'shown to people in mails')
    .option(
      '--reset <setting>',
      'give a setting its default again; named like its option, such as ttl or mail-colour; repeat it',
      readReset,
    )
  withIfVersion(update, '`tenants list --json`')
  withTenantSettings(update).action(action(updateTenant))
  change('disable', 'stop a tenant within seconds; its data stays', '').action(action(disableTenant))
  change('enable', 'let a disabled tenant work again', '').action(action(enableTenant))
  change('delete', 'delete a tenant with everything it has', '')
    .option('--yes', 'do not ask')
    .action(action(deleteTenant))
}

async function updateTenant(
  context: Context,
  id: string,
  options: TenantOptions & { readonly reset?: readonly TenantSetting[]; readonly ifVersion?: number },
): Promise<ExitCode> {
  const { name, reset, ifVersion } = options
  const settings = await givenSettings(options, context.world.stdin)
  if (name === undefined && settings === undefined && reset === undefined) {
    throw new CliError(
      EXIT.usage,
      'Say what to change, such as --name, --ttl, --mails-per-address, --mail-… or --reset; --help shows all.',
    )
  }
  const client = connect(await context.settings(), 'admin')
  const change = { id, name, ifVersion, ...(settings && { settings }), ...(reset && { reset }) }
  const about = { tenantId: id, id, ifVersion }
  const tenant = await orSayWhoChanged(client, context.output, about, () => client.updateTenant(change))
  const risk = changesRisk(settings, reset)
    ? ` The chance of a guess: ${tenant?.settings.risk.arithmetic}.`
    : ''
  if (tenant !== null) sayWhatIsUnusual(context.output, settings)
  return report(context, tenant, `Changed.${risk}`)
}

const WITHOUT_RISK = new Set(['locale', 'mail', 'testAddresses', 'returnUrls'])
const RESETS_WITHOUT_RISK = /^(?:LOCALE|TEST_ADDRESSES|RETURN_URLS|MAIL_.+)$/

/** Whether a change may concern how likely a guess is. What mails look like does not. */
function changesRisk(settings: TenantSettingsInput = {}, resets: readonly TenantSetting[] = []): boolean {
  return (
    Object.keys(settings).some((name) => !WITHOUT_RISK.has(name)) ||
    resets.some((name) => !RESETS_WITHOUT_RISK.test(name))
  )
}

async function disableTenant(context: Context, id: string): Promise<ExitCode> {
  const client = connect(await context.settings(), 'admin')
  return report(context, await client.disableTenant(id), 'Disabled; its keys are refused within seconds.')
}

async function enableTenant(context: Context, id: string): Promise<ExitCode> {
  const client = connect(await context.settings(), 'admin')
  return report(context, await client.enableTenant(id), 'Enabled; its keys work within seconds.')
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
    question: `Delete the tenant ${printable(id)} with its identities, keys and statistics? That cannot be taken back.`,
  })
  const deleted = await client.deleteTenant(id)
  output.data({ id, deleted }, () => '')
  if (deleted) output.info('It has ended; all that it had is gone within seconds or minutes.')
  else output.problem('There is no such tenant, or no longer; the mailer keeps nothing of it either.')
  return deleted ? EXIT.done : EXIT.notFound
}

function report({ output }: Context, tenant: Tenant | null, said: string): ExitCode {
  if (tenant === null) {
    output.problem(...NO_SUCH_TENANT)
    return EXIT.notFound
  }
  output.data(tenant, () => tenant.id)
  output.info(said)
  return EXIT.done
}
