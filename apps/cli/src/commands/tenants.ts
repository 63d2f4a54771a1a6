import type { TenantSettingsInput } from '@emailauth/client'
import { type Command, Option } from 'commander'
import { type Action, addExamples } from '../action.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { addMailOptions, type MailOptions, readMailOptions } from '../mail-options.ts'
import { wholeNumber } from '../option-values.ts'
import { printable } from '../output.ts'
import { connect } from '../settings.ts'
import { layOut } from '../table.ts'
import { ago } from '../time.ts'
import { addTenantChanges } from './tenant-changes.ts'

interface CreateOptions extends MailOptions {
  readonly name?: string
  readonly verification?: 'number' | 'bound'
  readonly ttl?: number
  readonly locale?: string
}

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
    .addOption(
      new Option(
        '--verification <mode>',
        'number: the number alone is enough; bound: shorter, with id or email',
      ).choices(['number', 'bound']),
    )
    .option('--ttl <seconds>', 'life of a number, 60 to 86400', wholeNumber(60, 86_400))
    .option('--locale <tag>', 'language of mails, such as es')
  addMailOptions(create).action(action(createTenant))
  addExamples(create, ['emailauth tenants create shop --name "The shop" --locale es'])
  addTenantChanges(tenants, action)
}

async function list({ output, settings }: Context): Promise<ExitCode> {
  const tenants = await connect(await settings(), 'admin').tenants()
  const now = Date.now()
  const rows = tenants.map(({ id, name, createdAt, status, settings: set }) => [
    id,
    printable(name),
    status.toLowerCase(),
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
  { output, settings, world }: Context,
  id: string,
  options: CreateOptions,
): Promise<ExitCode> {
  const mail = await readMailOptions(options, world.stdin)
  const given: TenantSettingsInput = {
    ...(options.verification === undefined
      ? {}
      : { verification: options.verification === 'bound' ? ('BOUND' as const) : ('NUMBER' as const) }),
    ...(options.ttl === undefined ? {} : { ttlSeconds: options.ttl }),
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    ...(mail === undefined ? {} : { mail }),
  }
  const tenant = await connect(await settings(), 'admin').createTenant({
    id,
    name: options.name ?? id,
    ...(Object.keys(given).length === 0 ? {} : { settings: given }),
  })
  output.data(tenant, () => tenant.id)
  output.talk(`Created. A key for it: emailauth keys create --tenant ${tenant.id} --name NAME`)
  return EXIT.done
}
