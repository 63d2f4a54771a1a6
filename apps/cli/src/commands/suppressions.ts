import type { Command } from 'commander'
import { type Action, addExamples } from '../action.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { required, wholeNumber } from '../option-values.ts'
import { printable } from '../output.ts'
import { connect } from '../settings.ts'
import { layOut } from '../table.ts'
import { ago } from '../time.ts'

export function addSuppressions(program: Command, action: Action): void {
  const suppressions = program
    .command('suppressions')
    .description("addresses that a tenant's mails are not sent to, because one came back")
  const list = suppressions
    .command('list')
    .description('list them, newest first')
    .option('--tenant <id>', 'whose (required)')
    .option('--first <n>', 'how many, 1 to 200', wholeNumber(1, 200), 50)
    .action(action(listSuppressions))
  addExamples(list, ['emailauth suppressions list --tenant demo'])
  const clear = suppressions
    .command('clear')
    .description('take an address off the list; mails are sent to it again')
    .argument('<email>', 'the address, as the list shows it')
    .option('--tenant <id>', 'whose list (required)')
    .action(action(clearSuppression))
  addExamples(clear, ['emailauth suppressions clear ada@example.com --tenant demo'])
}

async function listSuppressions(
  { output, settings }: Context,
  { tenant, first }: { readonly tenant?: string; readonly first: number },
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const page = await connect(await settings(), 'admin').suppressions({ tenantId, first })
  const now = Date.now()
  const rows = page.nodes.map(({ email, reason, suppressedAt }) => [
    printable(email),
    ago(suppressedAt, now),
    printable(reason),
  ])
  const columns = [{ title: 'EMAIL', shrinks: true }, { title: 'SINCE' }, { title: 'REASON', shrinks: true }]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  output.data(page, () => (rows.length === 0 ? '' : table))
  if (rows.length === 0) output.info('No address is on the list.')
  else if (page.pageInfo.hasNextPage) output.info('There are more; --first shows more.')
  return EXIT.done
}

async function clearSuppression(
  { output, settings }: Context,
  email: string,
  { tenant }: { readonly tenant?: string },
): Promise<ExitCode> {
  const tenantId = required(tenant, '--tenant <id>')
  const cleared = await connect(await settings(), 'admin').clearSuppression(tenantId, email)
  output.data({ tenantId, email, cleared }, () => '')
  if (cleared) output.info('Cleared; mails are sent to it again.')
  else output.problem('This address is not on the list.')
  return cleared ? EXIT.done : EXIT.notFound
}
