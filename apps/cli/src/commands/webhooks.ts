import type { WebhookAttempt, WebhookEndpoint } from '@emailauth/client'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_ENDPOINT, showList } from '../terminal/not-found.ts'
import { type Output, printable } from '../terminal/output.ts'
import { ago } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'
import { addWebhookChanges, WEBHOOK_ID } from './webhook-changes.ts'
import { addWebhookReplays } from './webhook-replays.ts'

export function addWebhooks(program: Command, action: Action): void {
  const webhooks = program
    .command('webhooks')
    .description('URLs to which the events of a tenant are posted, signed')
  const list = webhooks
    .command('list')
    .description("a tenant's endpoints, and how their deliveries went")
    .option('--tenant <id>', 'of this tenant (admin key)')
    .action(action(listWebhooks))
  addExamples(list, ['emailauth webhooks list', 'emailauth webhooks list --tenant shop --json'])
  addWebhookChanges(webhooks, action)
  const attempts = webhooks
    .command('attempts')
    .description('what was posted to an endpoint within a week, newest first')
    .argument(...WEBHOOK_ID)
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .option('--after <cursor>', 'the endCursor of the page before')
    .action(action(listAttempts))
  addExamples(attempts, ['emailauth webhooks attempts demo.wh_7k2m9q4t1x0c5v8b --first 10'])
  addWebhookReplays(webhooks, action)
}

async function listWebhooks(
  { output, settings }: Context,
  { tenant }: { readonly tenant?: string },
): Promise<ExitCode> {
  const client = connect(await settings(), tenant === undefined ? 'tenant' : 'admin')
  const endpoints = await client.webhooks.list(tenant)
  const table = await tableOf(endpoints, output)
  const print = () => output.data(endpoints, () => (endpoints.length === 0 ? '' : table))
  const isEmpty = endpoints.length === 0
  const whenEmpty = 'There is no endpoint. Make one: emailauth webhooks create URL'
  return showList({ client, output }, { tenantId: tenant, isEmpty, whenEmpty, print })
}

function tableOf(endpoints: readonly WebhookEndpoint[], { width, colors }: Output): Promise<string> {
  const now = Date.now()
  const rows = endpoints.map((endpoint) => [
    endpoint.id,
    printable(endpoint.url),
    endpoint.eventTypes === null ? 'all' : String(endpoint.eventTypes.length),
    statusOf(endpoint, now),
    String(endpoint.state.waiting),
    String(endpoint.state.failed),
  ])
  const columns = [
    { title: 'ID' },
    { title: 'URL', shrinks: true },
    { title: 'TYPES' },
    { title: 'STATUS' },
    { title: 'WAITING' },
    { title: 'FAILED' },
  ]
  return layOut(columns, rows, { width, bold: colors.bold })
}

function statusOf({ disabledReason, state }: WebhookEndpoint, now: number): string {
  if (disabledReason !== null) return `disabled (${disabledReason.toLowerCase()})`
  if (state.failingSince !== null) return `failing since ${ago(state.failingSince, now).replace(' ago', '')}`
  return state.lastSuccessAt === null ? 'no delivery yet' : `ok ${ago(state.lastSuccessAt, now)}`
}

async function listAttempts(
  { output, settings }: Context,
  endpointId: string,
  { first, after }: { readonly first: number; readonly after?: string },
): Promise<ExitCode> {
  const { webhooks } = connect(await settings(), 'either')
  const page = await webhooks.attempts({ endpointId, first, after })
  if (page.nodes.length === 0 && (await webhooks.get(endpointId)) === null) {
    const [message, hint] = NO_SUCH_ENDPOINT
    throw new CliError(EXIT.notFound, message, { hint })
  }
  const table = await tableOfAttempts(page.nodes, output)
  output.data(page, () => (page.nodes.length === 0 ? '' : table))
  if (page.nodes.length === 0) output.info('Nothing was posted to it within a week.')
  else if (page.pageInfo.hasNextPage) output.info(`There are more: --after ${page.pageInfo.endCursor}`)
  return EXIT.done
}

function tableOfAttempts(attempts: readonly WebhookAttempt[], { width, colors }: Output): Promise<string> {
  const now = Date.now()
  const rows = attempts.map(({ eventId, type, at, attempt, outcome, status, durationMs, error }) => [
    ago(at, now),
    type,
    eventId,
    String(attempt),
    outcome.toLowerCase(),
    status === null ? '-' : String(status),
    `${durationMs} ms`,
    printable(error ?? ''),
  ])
  const columns = [
    { title: 'WHEN' },
    { title: 'TYPE' },
    { title: 'EVENT', shrinks: true },
    { title: 'TRY' },
    { title: 'OUTCOME' },
    { title: 'STATUS' },
    { title: 'TOOK' },
    { title: 'ERROR', shrinks: true },
  ]
  return layOut(columns, rows, { width, bold: colors.bold })
}
