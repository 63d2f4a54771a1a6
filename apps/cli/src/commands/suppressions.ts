import type { Suppression } from '@emailauth/client'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { markFormulas } from '@emailauth/contracts/spreadsheet-text'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { required, wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { showList } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'
import { addSuppressionChanges } from './suppression-changes.ts'

export function addSuppressions(program: Command, action: Action): void {
  const suppressions = program
    .command('suppressions')
    .summary('addresses that get no mails: one came back, or was added')
    .description("addresses that a tenant's mails are not sent to: one came back, or was added")
  const list = suppressions
    .command('list')
    .description('list them, newest first')
    .option('--tenant <id>', 'whose (required)')
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .action(action(listSuppressions))
  addExamples(list, ['emailauth suppressions list --tenant demo'])
  const exported = suppressions
    .command('export')
    .description('print all of the list as CSV, newest first; with --json an object on each line')
    .option('--tenant <id>', 'whose (required)')
    .action(action(exportSuppressions))
  addExamples(exported, ['emailauth suppressions export --tenant demo > suppressed.csv'])
  addSuppressionChanges(suppressions, action)
}

async function listSuppressions(
  { output, settings }: Context,
  { tenant, first }: { readonly tenant?: string; readonly first: number },
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const client = connect(await settings(), 'admin')
  const page = await client.suppressions({ tenantId, first })
  const now = Date.now()
  const rows = page.nodes.map(({ email, reason, suppressedAt }) => [
    printable(email),
    ago(suppressedAt, now),
    printable(reason),
  ])
  const columns = [{ title: 'EMAIL', shrinks: true }, { title: 'SINCE' }, { title: 'REASON', shrinks: true }]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  const print = () => {
    output.data(page, () => (rows.length === 0 ? '' : table))
    if (page.pageInfo.hasNextPage) output.info('There are more; --first shows more.')
  }
  const list = { tenantId, isEmpty: rows.length === 0, whenEmpty: 'No address is on the list.', print }
  return showList({ client, output }, list)
}

/** Writes the whole list, in pages of as many addresses as the gateway gives at once. */
async function exportSuppressions(
  { output, settings, world }: Context,
  { tenant }: { readonly tenant?: string },
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const client = connect(await settings(), 'admin')
  if (!output.json) world.stdout.write('email,reason,suppressedAt\n')
  for (let after: string | undefined; ; ) {
    const { nodes, pageInfo } = await client.suppressions({ tenantId, first: PAGE_MAX, after })
    if (output.json) for (const node of nodes) output.data(node, () => '')
    else world.stdout.write(await writeCsv(nodes))
    const next = pageInfo.endCursor ?? undefined
    // A cursor that does not move would ask for the same page for ever.
    if (!pageInfo.hasNextPage || next === undefined || next === after) return EXIT.done
    after = next
  }
}

/** Senders of mails choose address and reason, so formulas are marked as texts. */
async function writeCsv(nodes: readonly Suppression[]): Promise<string> {
  // Loaded here, because only this command writes CSV.
  const { stringify } = await import('csv-stringify/sync')
  const rows = nodes.map(({ email, reason, suppressedAt }) =>
    [email, printable(reason), suppressedAt].map(markFormulas),
  )
  // Semicolons within quotes, because an import takes others for the end of a cell.
  return stringify(rows, { quoted_match: /[;\t]/ })
}
