import type { ApiKeyCreateRequest } from '@emailauth/contracts/api-keys'
import { OVERLAP_DEFAULT_SECONDS, OVERLAP_MAX_SECONDS } from '@emailauth/contracts/overlap'
import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context, World } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { required, wholeNumber } from '../options/option-values.ts'
import { confirm } from '../prompts/confirm.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'

interface CreateOptions {
  readonly name?: string
  readonly tenant?: string
  readonly admin?: boolean
  readonly readOnly?: boolean
  readonly days?: number
  readonly local?: boolean
}

const DAY_MS = 86_400_000
const ID = ['<id>', "the key's id, as keys list prints it"] as const
const LIST = 'See: emailauth keys list --tenant ID'
const KEEP_IT = 'Keep it safe: it is stored as a hash only and cannot be shown again.'

/** Adds what makes and ends API keys. */
export function addKeyChanges(keys: Command, action: Action): void {
  const create = keys
    .command('create')
    .description('create an API key; it is printed this once')
    .option('--name <name>', 'what it is for (required)')
    .option('--tenant <id>', 'the tenant it belongs to')
    .addOption(new Option('--admin', 'an admin key instead').conflicts('tenant'))
    .option('--read-only', 'with --admin: it sees everything and changes nothing')
    .option('--days <days>', 'it expires after so many days (default: never)', wholeNumber(1, 3650))
    .option(
      '--local',
      'at persistence itself, on its host with EMAILAUTH_SERVICE_TOKEN: for the first admin key',
    )
    .action(action(createKey))
  addExamples(create, [
    'emailauth keys create --tenant shop --name "shop, production"',
    'EMAILAUTH_API_KEY=$(emailauth keys create --tenant shop --name ci)',
    'emailauth keys create --admin --read-only --name auditors',
    'EMAILAUTH_SERVICE_TOKEN=… emailauth keys create --admin --name first --local',
  ])
  const rotate = keys
    .command('rotate')
    .description('replace an API key by a new one like it; the old one goes on for a while')
    .argument(...ID)
    .option(
      '--overlap <seconds>',
      `how long the old key goes on (default: ${OVERLAP_DEFAULT_SECONDS})`,
      wholeNumber(0, OVERLAP_MAX_SECONDS),
    )
    .action(action(rotateKey))
  addExamples(rotate, ['emailauth keys rotate 0k3v9x2m4p7q --overlap 3600'])
  const revoke = keys
    .command('revoke')
    .description('revoke an API key; it stops working everywhere within 5 s')
    .argument(...ID)
    .option('--also-made-by-it', 'also the keys that were made with it, and with these')
    .option('--yes', 'do not ask')
    .action(action(revokeKey))
  addExamples(revoke, [
    'emailauth keys revoke 0k3v9x2m4p7q',
    'emailauth keys revoke 0k3v9x2m4p7q --also-made-by-it    # a stolen admin key',
  ])
}

async function createKey(
  { output, settings, world }: Context,
  { name: given, tenant, admin, readOnly, days, local = false }: CreateOptions,
): Promise<ExitCode> {
  const name = required(given, '--name <name>')
  if (admin !== true && tenant === undefined) {
    throw new CliError(EXIT.usage, 'Say whose key it is: --tenant ID, or --admin.')
  }
  if (readOnly === true && admin !== true) throw new CliError(EXIT.usage, '--read-only goes with --admin.')
  const end = days === undefined ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }
  const created = local
    ? await createLocally(world, {
        name,
        ...end,
        ...(tenant === undefined
          ? { scope: readOnly === true ? 'admin-read-only' : 'admin' }
          : { scope: 'tenant', tenantId: tenant }),
      })
    : await connect(await settings(), 'admin').createApiKey(
        tenant === undefined
          ? { scope: readOnly === true ? 'ADMIN_READ_ONLY' : 'ADMIN', name, ...end }
          : { scope: 'TENANT', tenantId: tenant, name, ...end },
      )
  output.data(created, () => created.key)
  output.info(KEEP_IT)
  return EXIT.done
}

async function createLocally(world: World, request: ApiKeyCreateRequest) {
  const { createKeyAt } = await import('../up/services/create-key.ts')
  const { localPersistence } = await import('../up/services/local-persistence.ts')
  const { apiKey, key } = await createKeyAt(await localPersistence(world), request)
  return { apiKey, key }
}

async function rotateKey(
  { output, settings }: Context,
  id: string,
  { overlap }: { readonly overlap?: number },
): Promise<ExitCode> {
  const created = await connect(await settings(), 'admin').rotateApiKey(id, overlap)
  if (created === null) {
    output.problem('There is no such key that still works.', LIST)
    return EXIT.notFound
  }
  output.data(created, () => created.key)
  output.info(KEEP_IT)
  return EXIT.done
}

async function revokeKey(
  context: Context,
  id: string,
  { yes, alsoMadeByIt }: { readonly yes?: boolean; readonly alsoMadeByIt?: boolean },
): Promise<ExitCode> {
  const { output } = context
  const client = connect(await context.settings(), 'admin')
  const which = alsoMadeByIt ? `${printable(id)} and all keys that were made with it` : printable(id)
  await confirm(context, {
    yes,
    question: `Revoke the key ${which}? What uses ${alsoMadeByIt ? 'them' : 'it'} stops working.`,
  })
  const revoked = await client.revokeApiKey(id, { alsoMadeByIt })
  output.data({ id, revoked }, () => '')
  if (revoked) output.info('Revoked.')
  else output.problem('There is no such key.', LIST)
  return revoked ? EXIT.done : EXIT.notFound
}
