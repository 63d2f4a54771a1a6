import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { required } from '../options/option-values.ts'
import { importList, MOST_REFUSED } from '../suppressions/import-list.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'

interface ListOptions {
  readonly tenant?: string
}

export function addSuppressionChanges(suppressions: Command, action: Action): void {
  const add = suppressions
    .command('add')
    .description('put addresses on the list; no mails are sent to them')
    .argument('<email...>', 'the addresses')
    .option('--tenant <id>', 'whose list (required)')
    .option('--reason <text>', 'why; shown beside the address')
    .action(action(addAddresses))
  addExamples(add, ['emailauth suppressions add ada@example.com --tenant demo --reason "asked for it"'])
  const fromFile = suppressions
    .command('import')
    .description('add a list: an address on each line, or CSV with a head such as email,reason,suppressedAt')
    .argument('<file>', 'the list; - reads stdin')
    .option('--tenant <id>', 'whose list (required)')
    .action(action(importFile))
  addExamples(fromFile, ['emailauth suppressions import bounces.csv --tenant demo'])
  const clear = suppressions
    .command('clear')
    .description('take an address off the list; mails are sent to it again')
    .argument('<email>', 'the address, as the list shows it')
    .option('--tenant <id>', 'whose list (required)')
    .action(action(clearAddress))
  addExamples(clear, ['emailauth suppressions clear ada@example.com --tenant demo'])
}

async function addAddresses(
  { output, settings }: Context,
  emails: readonly string[],
  { tenant, reason }: ListOptions & { readonly reason?: string },
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const addresses = emails.map((email) => ({ email, ...(reason === undefined ? {} : { reason }) }))
  const reply = await connect(await settings(), 'admin').addSuppressions(tenantId, addresses)
  output.data({ tenantId, ...reply }, () => '')
  for (const { index, message } of reply.refused) output.problem(`${emails[index]}: ${message}`)
  output.info(counted(reply.added, reply.known, reply.refused.length))
  return reply.refused.length === 0 ? EXIT.done : EXIT.failed
}

async function importFile(
  { output, settings, world }: Context,
  file: string,
  { tenant }: ListOptions,
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const client = connect(await settings(), 'admin')
  // Loaded here, because the parser of CSV is a sixth of what every start would read.
  const { readList } = await import('../suppressions/read-list.ts')
  const list = readList(file === '-' ? world.stdin : createReadStream(file))
  const { stopped, ...counts } = await importList(client, tenantId, list, (line, why) =>
    output.log(`line ${line}: ${printable(why)}`),
  )
  output.data({ tenantId, ...counts, complete: !stopped }, () => '')
  output.info(counted(counts.added, counts.known, counts.refused))
  if (stopped)
    throw new CliError(
      EXIT.failed,
      `More than ${MOST_REFUSED} lines are no addresses; the rest was not read.`,
    )
  return counts.refused === 0 ? EXIT.done : EXIT.failed
}

async function clearAddress(
  { output, settings }: Context,
  email: string,
  { tenant }: ListOptions,
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const cleared = await connect(await settings(), 'admin').clearSuppression(tenantId, email)
  output.data({ tenantId, email, cleared }, () => '')
  if (cleared) output.info('Cleared; mails are sent to it again.')
  else output.problem('This address is not on the list.')
  return cleared ? EXIT.done : EXIT.notFound
}

const counted = (added: number, known: number, refused: number) =>
  `${added} added, ${known} there already, ${refused} refused.`
