import type { EventType } from '@emailauth/client'
import { OVERLAP_DEFAULT_SECONDS, OVERLAP_MAX_SECONDS } from '@emailauth/contracts/overlap'
import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { anyWebhookType } from '../options/event-types.ts'
import { wholeNumber } from '../options/option-values.ts'
import { confirm } from '../prompts/confirm.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_ENDPOINT } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { orSayWhoChanged, withIfVersion } from '../versions/if-version.ts'

export const WEBHOOK_ID = ['<id>', "the endpoint's id, as webhooks list prints it"] as const
const KEEP_IT = 'Give this secret to the receiver, which verifies with it. It cannot be shown again.'

interface EndpointOptions {
  readonly tenant?: string
  readonly description?: string
  readonly type?: readonly EventType[]
}

interface UpdateOptions extends EndpointOptions {
  readonly to?: string
  readonly allTypes?: boolean
  readonly enable?: boolean
  readonly disable?: boolean
  readonly ifVersion?: number
}

/** Adds what makes, changes and ends endpoints. */
export function addWebhookChanges(webhooks: Command, action: Action): void {
  const create = webhooks
    .command('create')
    .description('make an endpoint; its secret is printed this once')
    .argument('<url>', 'an https URL')
    .option('--tenant <id>', 'for this tenant (admin key)')
    .option('--type <type...>', 'of these types only, such as VERIFIED', anyWebhookType)
    .option('--description <text>', 'what it is for')
    .action(action(createEndpoint))
  addExamples(create, [
    'emailauth webhooks create https://shop.example.com/hooks/emailauth',
    'emailauth webhooks create https://shop.example.com/hooks --type VERIFIED BOUNCED',
  ])
  const update = webhooks
    .command('update')
    .description('change an endpoint; what is not named stays as it is')
    .argument(...WEBHOOK_ID)
    .option('--to <url>', 'another URL; it holds for what waits too')
    .option('--type <type...>', 'of these types only', anyWebhookType)
    .addOption(new Option('--all-types', 'of all types').conflicts('type'))
    .option('--description <text>', 'what it is for; "" takes it away')
    .option('--enable', 'it gets what happens from now on')
    .addOption(new Option('--disable', 'it gets nothing any more').conflicts('enable'))
  withIfVersion(update, '`webhooks list --json`').action(action(updateEndpoint))
  addExamples(update, ['emailauth webhooks update demo.wh_7k2m9q4t1x0c5v8b --enable'])
  const rotate = webhooks
    .command('rotate-secret')
    .description('a new secret; the one before signs beside it for a while')
    .argument(...WEBHOOK_ID)
    .option(
      '--overlap <seconds>',
      `how long the secret before goes on (default: ${OVERLAP_DEFAULT_SECONDS}; 0: it was stolen)`,
      wholeNumber(0, OVERLAP_MAX_SECONDS),
    )
    .action(action(rotateSecret))
  addExamples(rotate, ['emailauth webhooks rotate-secret demo.wh_7k2m9q4t1x0c5v8b --overlap 3600'])
  const remove = webhooks
    .command('delete')
    .description('delete an endpoint and what waits for it')
    .argument(...WEBHOOK_ID)
    .option('--yes', 'do not ask')
    .action(action(deleteEndpoint))
  addExamples(remove, ['emailauth webhooks delete demo.wh_7k2m9q4t1x0c5v8b'])
}

const typesOf = (types: readonly EventType[] | undefined) =>
  types === undefined ? {} : { eventTypes: types }

async function createEndpoint(
  { output, settings }: Context,
  url: string,
  { tenant, type, description }: EndpointOptions,
): Promise<ExitCode> {
  const client = connect(await settings(), tenant === undefined ? 'tenant' : 'admin')
  const owner = tenant === undefined ? {} : { tenantId: tenant }
  const about = description === undefined ? {} : { description }
  const created = await client.webhooks.create({ url, ...owner, ...about, ...typesOf(type) })
  output.data(created, () => created.secret)
  output.info(`Endpoint ${created.endpoint.id}.`)
  output.info(KEEP_IT)
  return EXIT.done
}

async function updateEndpoint(
  { output, settings }: Context,
  id: string,
  options: UpdateOptions,
): Promise<ExitCode> {
  const { to, type, allTypes, description, enable, disable, ifVersion } = options
  const changes = {
    ...(to === undefined ? {} : { url: to }),
    ...(description === undefined ? {} : { description: description === '' ? null : description }),
    ...(allTypes === true ? { eventTypes: null } : typesOf(type)),
    ...(enable === true || disable === true ? { enabled: enable === true } : {}),
  }
  if (Object.keys(changes).length === 0)
    throw new CliError(EXIT.usage, 'Say what to change, such as --to URL or --disable.')
  const client = connect(await settings(), 'either')
  const about = { tenantId: id.slice(0, id.indexOf('.')), id, ifVersion }
  const changed = await orSayWhoChanged(client, output, about, () =>
    client.webhooks.update({ id, ifVersion, ...changes }),
  )
  output.data(changed, () => changed?.id ?? '')
  if (changed === null) output.problem(...NO_SUCH_ENDPOINT)
  return changed === null ? EXIT.notFound : EXIT.done
}

async function rotateSecret(
  { output, settings }: Context,
  id: string,
  { overlap }: { readonly overlap?: number },
): Promise<ExitCode> {
  const rotated = await connect(await settings(), 'either').webhooks.rotateSecret(id, overlap)
  if (rotated === null) {
    output.problem(...NO_SUCH_ENDPOINT)
    return EXIT.notFound
  }
  output.data(rotated, () => rotated.secret)
  output.info(KEEP_IT)
  return EXIT.done
}

async function deleteEndpoint(
  context: Context,
  id: string,
  options: { readonly yes?: boolean },
): Promise<ExitCode> {
  const { output } = context
  const client = connect(await context.settings(), 'either')
  await confirm(context, {
    yes: options.yes,
    question: `Delete the endpoint ${printable(id)}? What waits for it is lost.`,
  })
  const deleted = await client.webhooks.delete(id)
  output.data({ id, deleted }, () => '')
  if (deleted) output.info('Deleted.')
  else output.problem(...NO_SUCH_ENDPOINT)
  return deleted ? EXIT.done : EXIT.notFound
}
