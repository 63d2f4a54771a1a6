import type { EmailauthClient, Identity, IdentityFilter } from '@emailauth/client'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { identitiesUpTo } from '../identities/identity-pages.ts'
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
  readonly all?: boolean
  readonly watch?: boolean
}

const whenEmpty = (domain: string | null | undefined): string =>
  domain ? 'Nobody at this domain holds a number.' : 'Nobody holds a number.'

export function addIdentities(program: Command, action: Action): void {
  const command = program
    .command('identities')
    .description('list who holds a number, newest first')
    .argument('[id]', 'one identity only; exit code 3 when it is gone')
    .option('--email <address>', 'exactly this address')
    .option('--domain <name>', 'addresses at exactly this domain, searched for')
    .option('--tenant <id>', 'of this tenant only (admin key)')
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .addOption(new Option('--all', 'every one; with --json one page a line').conflicts(['first', 'watch']))
    .option('--watch', 'go on showing; Ctrl-C ends it')
    .action(action(identities))
  addExamples(command, [
    'emailauth identities --watch',
    'emailauth identities --domain example.com',
    'emailauth identities demo.AGhV3kq1x0oJ2mN7bQd5t1w --json | jq .delivery',
    'emailauth identities --all --json | jq -r ".nodes[].email"',
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
  const filter = { email: options.email, domain: options.domain, tenantId: options.tenant }
  if (options.watch) {
    const read = () => client.identities({ first: options.first, filter })
    return watchIdentities(context, readOnceKnown(client, options.tenant, read))
  }
  if (options.all) return showAll(context, client, filter)
  const page = await identitiesUpTo(client, options.first, filter)
  const table = await tableOfIdentities(page.nodes, output, Date.now())
  const print = () => {
    output.data(page, () => (page.nodes.length === 0 ? '' : table))
    if (!page.pageInfo.hasNextPage) return
    const of = options.domain === undefined ? ` of ${page.totalCount}` : ''
    output.info(`The newest ${page.nodes.length}${of}; --first shows more, --all shows every one.`)
  }
  const isEmpty = page.nodes.length === 0
  return showList(
    { client, output },
    { tenantId: options.tenant, isEmpty, whenEmpty: whenEmpty(options.domain), print },
  )
}

/** Shows each page as it is read, so that a long list needs little memory and begins at once. */
async function showAll(context: Context, client: EmailauthClient, filter: IdentityFilter): Promise<ExitCode> {
  const { output } = context
  let isEmpty = true
  for await (const page of client.identityPages({ first: PAGE_MAX, filter })) {
    if (page.nodes.length === 0) continue
    isEmpty = false
    const table = await tableOfIdentities(page.nodes, output, Date.now())
    output.data(page, () => table)
  }
  const tenantId = filter.tenantId ?? undefined
  return showList(
    { client, output },
    { tenantId, isEmpty, whenEmpty: whenEmpty(filter.domain), print: () => {} },
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
