import type { Identity, IdentityPage } from '@emailauth/client'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { tableOfIdentities } from '../identities/identity-table.ts'
import { watchIdentities } from '../identities/watch-identities.ts'
import { wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_IDENTITY, requireTenant, showList, type Tenants } from '../terminal/not-found.ts'

interface IdentitiesOptions {
  readonly email?: string
  readonly domain?: string
  readonly tenant?: string
  readonly first: number
  readonly watch?: boolean
}

export function addIdentities(program: Command, action: Action): void {
  const command = program
    .command('identities')
    .description('list who holds a number, newest first')
    .argument('[id]', 'one identity only; exit code 3 when it is gone')
    .option('--email <address>', 'exactly this address')
    .option('--domain <name>', 'addresses at exactly this domain, searched for')
    .option('--tenant <id>', 'of this tenant only (admin key)')
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .option('--watch', 'go on showing; Ctrl-C ends it')
    .action(action(identities))
  addExamples(command, [
    'emailauth identities --watch',
    'emailauth identities --domain example.com',
    'emailauth identities demo.AGhV3kq1x0oJ2mN7bQd5t1w --json | jq .delivery',
    'emailauth identities --email ada@example.com --json | jq ".nodes[0].delivery"',
  ])
}

async function identities(
  context: Context,
  id: string | undefined,
  options: IdentitiesOptions,
): Promise<ExitCode> {
  const { output } = context
  await checkAddress(options.email)
  const client = connect(await context.settings(), options.tenant === undefined ? 'either' : 'admin')
  if (id !== undefined) return showIdentity(context, await client.identity(id))
  const read = (): Promise<IdentityPage> =>
    client.identities({
      first: options.first,
      filter: { email: options.email, domain: options.domain, tenantId: options.tenant },
    })
  if (options.watch) return watchIdentities(context, readOnceKnown(client, options.tenant, read))
  const page = await read()
  const table = await tableOfIdentities(page.nodes, output, Date.now())
  // A search by domain reads a bounded number of identities, so an empty page need not be the end.
  const isPart = options.domain !== undefined && page.pageInfo.hasNextPage
  const print = () => {
    output.data(page, () => (page.nodes.length === 0 ? '' : table))
    if (isPart) output.info(`Found ${page.nodes.length} so far; --first searches further.`)
    else if (page.pageInfo.hasNextPage) {
      output.info(`The newest ${page.nodes.length} of ${page.totalCount}; --first shows more.`)
    }
  }
  const isEmpty = page.nodes.length === 0 && !isPart
  return showList(
    { client, output },
    { tenantId: options.tenant, isEmpty, whenEmpty: 'Nobody holds a number.', print },
  )
}

/** Nobody can hold a number under what is no address, so an empty list would hide the mistake. */
async function checkAddress(email: string | undefined): Promise<void> {
  if (email === undefined) return
  // Imported only here, because most commands take no address.
  const { readEmailAddress } = await import('@emailauth/contracts/email-address')
  const read = readEmailAddress(email)
  if ('fault' in read) throw new CliError(EXIT.usage, read.fault)
}

/** Looks up the tenant before the first list, and again as long as the gateway is away. */
function readOnceKnown<Page>(client: Tenants, tenantId: string | undefined, read: () => Promise<Page>) {
  let isKnown = false
  return async () => {
    if (!isKnown) await requireTenant(client, tenantId)
    isKnown = true
    return read()
  }
}

async function showIdentity({ output }: Context, identity: Identity | null): Promise<ExitCode> {
  const table = identity === null ? '' : await tableOfIdentities([identity], output, Date.now())
  output.data(identity, () => table)
  if (identity === null) output.problem(...NO_SUCH_IDENTITY)
  return identity === null ? EXIT.notFound : EXIT.done
}
