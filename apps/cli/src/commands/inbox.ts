import { PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { createInbox, type InboxMail } from '../inbox/inbox-client.ts'
import { waitForMail } from '../inbox/wait-for-mail.ts'
import { wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { type Output, printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'

interface InboxOptions {
  readonly to?: string
  readonly first: number
  readonly wait?: number
}

export function addInbox(program: Command, action: Action): void {
  const command = program
    .command('inbox')
    .description('show the newest mails and their numbers')
    .option('--to <address>', 'mails to this address only')
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), 10)
    .option('--wait <seconds>', 'wait until there is one; exit code 3 when none comes', wholeNumber(1, 3600))
    .action(action(inbox))
  addExamples(command, [
    'emailauth inbox',
    'emailauth inbox --to ada@example.com --wait 10 --json | jq -r ".[0].number"',
  ])
}

async function inbox({ output, settings }: Context, options: InboxOptions): Promise<ExitCode> {
  const { inboxUrl } = await settings()
  if (inboxUrl === null) {
    throw new CliError(
      EXIT.failed,
      'There is no built-in inbox here: mail goes to the server in EMAILAUTH_SMTP_URL.',
    )
  }
  const read = () => createInbox(inboxUrl).newest({ to: options.to, first: options.first })
  const mails = options.wait === undefined ? await read() : await waitForMail(read, options.wait)
  const table = await tableOf(mails, output)
  output.data(mails, () => (mails.length === 0 ? '' : table))
  if (mails.length > 0) return EXIT.done
  const whom = options.to === undefined ? '' : ` for ${printable(options.to)}`
  if (options.wait === undefined) output.info(`No mail${whom}.`)
  else output.problem(`No mail${whom} came within ${options.wait} s.`)
  return options.wait === undefined ? EXIT.done : EXIT.notFound
}

function tableOf(mails: readonly InboxMail[], output: Output): Promise<string> {
  const now = Date.now()
  const columns = [
    { title: 'NUMBER' },
    { title: 'TO', shrinks: true },
    { title: 'SUBJECT', shrinks: true },
    { title: 'CAME' },
  ]
  const rows = mails.map(({ number, to, subject, createdAt }) => [
    number ?? '-',
    printable(to),
    printable(subject),
    ago(createdAt, now),
  ])
  return layOut(columns, rows, { width: output.width, bold: output.colors.bold })
}
