import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { givenSettings, type TenantOptions, withTenantSettings } from '../options/tenant-settings.ts'
import { sayWhatIsUnusual } from '../options/unusual-smtp-url.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'
import { addTenantChanges } from './tenant-changes.ts'

export function addTenants(program: Command, action: Action): void {
  const tenants = program.command('tenants').description('list, create, change and delete tenants')
  addExamples(tenants.command('list').description('list all tenants').action(action(list)), [
    'emailauth tenants list',
    'emailauth tenants list --json | jq -r ".[].id"',
  ])
  const create = tenants
    .command('create')
    .description('create a tenant: one external server with its own settings and limits')
    .argument('<id>', '2 to 40 of a-z, 0-9 and "-", beginning with a letter')
    .option('--name <name>', 'shown to people in mails (default: the id)')
    .option('--test', 'a test tenant: reserved addresses get known numbers and no mail; see docs/testing.md')
  withTenantSettings(create).action(action(createTenant))
  addExamples(create, [
    'emailauth tenants create shop --name "The shop" --locale es',
    'emailauth tenants create shop-e2e --test',
  ])
  addTenantChanges(tenants, action)
}

async function list({ output, settings }: Context): Promise<ExitCode> {
  const tenants = await connect(await settings(), 'admin').tenants()
  const now = Date.now()
  const rows = tenants.map(({ id, name, createdAt, status, testMode, settings: set }) => [
    id,
    printable(name),
    testMode ? `${status.toLowerCase()}, test` : status.toLowerCase(),
    set.verification.toLowerCase(),
    `${set.ttlSeconds} s`,
    set.locale,
    ago(createdAt, now),
  ])
  const columns = [
    { title: 'ID' },
    { title: 'NAME', shrinks: true },
    { title: 'STATUS' },
    { title: 'VERIFICATION' },
    { title: 'TTL' },
    { title: 'LOCALE' },
    { title: 'CREATED' },
  ]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  output.data(tenants, () => table)
  return EXIT.done
}

async function createTenant(
  { output, settings: connection, world }: Context,
  id: string,
  options: TenantOptions & { readonly test?: boolean },
): Promise<ExitCode> {
  const settings = await givenSettings(options, world.stdin)
  const tenant = await connect(await connection(), 'admin').createTenant({
    id,
    name: options.name ?? id,
    ...(options.test && { testMode: true }),
    ...(settings && { settings }),
  })
  output.data(tenant, () => tenant.id)
  output.info(`The chance of a guess: ${tenant.settings.risk.arithmetic}.`)
  sayWhatIsUnusual(output, settings)
  output.info(`Created. A key for it: emailauth keys create --tenant ${tenant.id} --name NAME`)
  return EXIT.done
}
