import { type Command, Option } from 'commander'
import { type Action, addExamples } from '../action.ts'
import { confirm } from '../confirm.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { required, wholeNumber } from '../option-values.ts'
import { printable } from '../output.ts'
import { connect } from '../settings.ts'
import { layOut } from '../table.ts'
import { ago } from '../time.ts'

interface CreateOptions {
  readonly name?: string
  readonly tenant?: string
  readonly admin?: boolean
  readonly days?: number
}

export function addKeys(program: Command, action: Action): void {
  const keys = program.command('keys').description('list, create, rotate and revoke API keys')
  const list = keys
    .command('list')
    .description('list API keys; never the keys themselves')
    .option('--tenant <id>', 'of this tenant; without it the admin keys')
    .action(action(listKeys))
  addExamples(list, ['emailauth keys list --tenant demo'])
  const create = keys
    .command('create')
    .description('create an API key; it is printed this once')
    .option('--name <name>', 'what it is for (required)')
    .option('--tenant <id>', 'the tenant it belongs to')
    .addOption(new Option('--admin', 'an admin key instead').conflicts('tenant'))
    .option('--days <days>', 'it expires after so many days (default: never)', wholeNumber(1, 3650))
    .action(action(createKey))
  addExamples(create, [
    'emailauth keys create --tenant shop --name "shop, production"',
    'EMAILAUTH_API_KEY=$(emailauth keys create --tenant shop --name ci)',
  ])
  const rotate = keys
    .command('rotate')
    .description('replace an API key by a new one like it; the old one goes on for a while')
    .argument('<id>', "the key's id, as keys list prints it")
    .option(
      '--overlap <seconds>',
      'how long the old key goes on (default: 86400)',
      wholeNumber(0, 30 * 86_400),
    )
    .action(action(rotateKey))
  addExamples(rotate, ['emailauth keys rotate 0k3v9x2m4p7q --overlap 3600'])
  const revoke = keys
    .command('revoke')
    .description('revoke an API key; it stops working everywhere within 5 s')
    .argument('<id>', "the key's id, as keys list prints it")
    .option('--yes', 'do not ask')
    .action(action(revokeKey))
  addExamples(revoke, ['emailauth keys revoke 0k3v9x2m4p7q'])
}

const DAY_MS = 86_400_000

async function listKeys(
  { output, settings }: Context,
  options: { readonly tenant?: string },
): Promise<ExitCode> {
  const keys = await connect(await settings(), 'admin').apiKeys(options.tenant)
  const now = Date.now()
  const rows = keys.map(({ id, name, scope, tenant, createdAt, lastUsedAt, revokedAt, expiresAt }) => [
    id,
    printable(name),
    scope.toLowerCase(),
    tenant?.id ?? '-',
    ago(createdAt, now),
    lastUsedAt === null ? '-' : ago(lastUsedAt, now),
    endOf(revokedAt, expiresAt, now),
  ])
  const columns = [
    { title: 'ID' },
    { title: 'NAME', shrinks: true },
    { title: 'SCOPE' },
    { title: 'TENANT', shrinks: true },
    { title: 'CREATED' },
    { title: 'USED' },
    { title: 'END' },
  ]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  output.data(keys, () => table)
  return EXIT.done
}

async function createKey(
  { output, settings }: Context,
  { name: given, tenant, admin, days }: CreateOptions,
): Promise<ExitCode> {
  const name = required(given, '--name <name>')
  if (admin !== true && tenant === undefined) {
    throw new CliError(EXIT.usage, 'Say whose key it is: --tenant ID, or --admin.')
  }
  const end = days === undefined ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }
  const created = await connect(await settings(), 'admin').createApiKey(
    tenant === undefined
      ? { scope: 'ADMIN', name, ...end }
      : { scope: 'TENANT', tenantId: tenant, name, ...end },
  )
  output.data(created, () => created.key)
  output.talk('Keep it safe: it is stored as a hash only and cannot be shown again.')
  return EXIT.done
}

async function rotateKey(
  { output, settings }: Context,
  id: string,
  { overlap }: { readonly overlap?: number },
): Promise<ExitCode> {
  const created = await connect(await settings(), 'admin').rotateApiKey(id, overlap)
  if (created === null) {
    output.problem('There is no such key that still works.')
    return EXIT.notFound
  }
  output.data(created, () => created.key)
  output.talk('Keep it safe: it is stored as a hash only and cannot be shown again.')
  return EXIT.done
}

async function revokeKey(
  context: Context,
  id: string,
  options: { readonly yes?: boolean },
): Promise<ExitCode> {
  const { output } = context
  const client = connect(await context.settings(), 'admin')
  await confirm(context, {
    yes: options.yes,
    question: `Revoke the key ${printable(id)}? What uses it stops working.`,
  })
  const revoked = await client.revokeApiKey(id)
  output.data({ id, revoked }, () => '')
  if (revoked) output.talk('Revoked.')
  else output.problem('There is no such key, or it was revoked before.')
  return revoked ? EXIT.done : EXIT.notFound
}

/** How a key has ended or when it will; a dash for one that works until it is revoked. */
function endOf(revokedAt: string | null, expiresAt: string | null, now: number): string {
  if (revokedAt !== null) return `revoked ${ago(revokedAt, now)}`
  if (expiresAt === null) return '-'
  return Date.parse(expiresAt) <= now ? 'expired' : expiresAt.slice(0, 16).replace('T', ' ')
}
