import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'
import { showList } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'
import { addKeyChanges } from './key-changes.ts'

export function addKeys(program: Command, action: Action): void {
  const keys = program.command('keys').description('list, create, rotate and revoke API keys')
  const list = keys
    .command('list')
    .description('list API keys; never the keys themselves')
    .option('--tenant <id>', 'of this tenant; without it the admin keys')
    .action(action(listKeys))
  addExamples(list, ['emailauth keys list --tenant demo'])
  addKeyChanges(keys, action)
}

async function listKeys(
  { output, settings }: Context,
  options: { readonly tenant?: string },
): Promise<ExitCode> {
  const client = connect(await settings(), 'admin')
  const keys = await client.apiKeys(options.tenant)
  const now = Date.now()
  const rows = keys.map(
    ({ id, name, scope, tenant, createdAt, createdBy, lastUsedAt, revokedAt, expiresAt }) => [
      id,
      printable(name),
      scope.toLowerCase(),
      tenant?.id ?? '-',
      ago(createdAt, now),
      createdBy === null ? '-' : printable(createdBy.id),
      lastUsedAt === null ? '-' : ago(lastUsedAt, now),
      endOf(revokedAt, expiresAt, now),
    ],
  )
  const columns = [
    { title: 'ID' },
    { title: 'NAME', shrinks: true },
    { title: 'SCOPE' },
    { title: 'TENANT', shrinks: true },
    { title: 'CREATED' },
    { title: 'BY', shrinks: true },
    { title: 'USED' },
    { title: 'END' },
  ]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  const print = () => output.data(keys, () => (keys.length === 0 ? '' : table))
  const list = { tenantId: options.tenant, isEmpty: keys.length === 0, whenEmpty: 'There is no key.', print }
  return showList({ client, output }, list)
}

/** How a key has ended or when it will; a dash for one that works until it is revoked. */
function endOf(revokedAt: string | null, expiresAt: string | null, now: number): string {
  if (revokedAt !== null) return `revoked ${ago(revokedAt, now)}`
  if (expiresAt === null) return '-'
  return Date.parse(expiresAt) <= now ? 'expired' : expiresAt.slice(0, 16).replace('T', ' ')
}
