import type { EmailauthClient, Message, MessageState } from '@emailauth/client'
import { DELIVERY_REASONS } from '@emailauth/contracts/delivery-reasons'
import { enumName } from '@emailauth/contracts/enum-name'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { required, wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { showList } from '../terminal/not-found.ts'
import { type Output, printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'

interface MessagesOptions {
  readonly tenant?: string
  readonly state?: Lowercase<MessageState>
  readonly reason?: (typeof DELIVERY_REASONS)[number]
  readonly first: number
}

const STATES = ['queued', 'deferred', 'sent', 'bounced', 'rejected', 'expired', 'dropped'] as const

export function addMessages(program: Command, action: Action): void {
  const command = program
    .command('messages')
    .summary('count mails by state, or list those in one')
    .description(
      "a tenant's mails: how many of the latest 10,000 reached each state within a day (statistics counts all), or those in one state",
    )
    .option('--tenant <id>', 'whose mails; with --state the default is all tenants')
    .addOption(new Option('--state <state>', 'list those in this state').choices(STATES))
    .addOption(
      new Option('--reason <reason>', 'with --state: only those for this reason').choices(DELIVERY_REASONS),
    )
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .action(action(messages))
  addExamples(command, [
    'emailauth messages --tenant demo',
    'emailauth messages --state deferred --reason blocked',
    'emailauth messages --tenant demo --state rejected --json | jq -r ".nodes[].reply"',
  ])
}

async function messages(
  { output, settings }: Context,
  { tenant, state, reason, first }: MessagesOptions,
): Promise<ExitCode> {
  if (reason !== undefined) required(state, '--state <state>')
  const client = connect(await settings(), 'admin')
  if (state === undefined) return showCounts(output, client, required(tenant, '--tenant <id>'))
  const page = await client.messages(enumName(state), {
    tenantId: tenant,
    reason: reason && enumName(reason),
    first,
  })
  const table = await tableOf(page.nodes, output)
  const print = () => {
    output.data(page, () => (page.nodes.length === 0 ? '' : table))
    if (page.pageInfo.hasNextPage) output.info('There are more; --first shows more.')
  }
  const whenEmpty = 'No mail in this state, of a number that is valid.'
  const isEmpty = page.nodes.length === 0 && !page.pageInfo.hasNextPage
  return showList({ client, output }, { tenantId: tenant, isEmpty, whenEmpty, print })
}

async function showCounts(output: Output, client: EmailauthClient, tenantId: string): Promise<ExitCode> {
  const counts = await client.messageCounts(tenantId)
  const rows = counts.map(({ state, count }) => [state.toLowerCase(), String(count)])
  const columns = [{ title: 'STATE' }, { title: 'WITHIN A DAY' }]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  const isEmpty = counts.every(({ count }) => count === 0)
  const print = () => output.data(counts, () => table)
  return showList({ client, output }, { tenantId, isEmpty, whenEmpty: 'No mail within a day.', print })
}

function tableOf(messages: readonly Message[], { width, colors }: Output): Promise<string> {
  const now = Date.now()
  const rows = messages.map(({ identityId, attempts, updatedAt, relay, reply, providerId }) => [
    ago(updatedAt, now),
    String(attempts),
    relay === null ? '-' : printable(relay),
    reply === null ? '-' : printable(reply),
    providerId === null ? '-' : printable(providerId),
    colors.dim(identityId),
  ])
  const columns = [
    { title: 'CHANGED' },
    { title: 'TRIES' },
    { title: 'RELAY', shrinks: true },
    { title: 'SERVER SAID', shrinks: true },
    { title: 'PROVIDER ID', shrinks: true },
    { title: 'IDENTITY' },
  ]
  return layOut(columns, rows, { width, bold: colors.bold })
}
