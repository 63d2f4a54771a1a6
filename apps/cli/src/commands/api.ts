import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { readSecret } from '../options/read-secret.ts'
import { addExamples } from '../terminal/help.ts'
import { printableJson } from '../terminal/output.ts'

interface ApiOptions {
  readonly file?: string
  readonly var?: Readonly<Record<string, unknown>>
  readonly tenantKey?: boolean
}

export function addApi(program: Command, action: Action): void {
  const command = program
    .command('api')
    .description('send a GraphQL document; prints its data as JSON')
    .argument('[document]', 'the document; - reads stdin')
    .option('--file <path>', 'read the document from a file')
    .option('--var <name=value>', 'a variable: JSON, or else text; may be repeated', readVariable)
    .option('--tenant-key', "with the tenant's key, where there is an admin key too")
    .action(action(api))
  addExamples(command, [
    "emailauth api '{ viewer { scope } }'",
    'emailauth api --file register.graphql --var \'input={"email":"ada@example.com","token":"t"}\'',
    'emailauth api - < query.graphql',
  ])
}

function readVariable(text: string, before: Readonly<Record<string, unknown>> = {}) {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It is name=value.')
  const value = text.slice(at + 1)
  try {
    return { ...before, [text.slice(0, at)]: JSON.parse(value) as unknown }
  } catch {
    return { ...before, [text.slice(0, at)]: value }
  }
}

async function api(
  { output, settings, world }: Context,
  given: string | undefined,
  options: ApiOptions,
): Promise<ExitCode> {
  if ((given === undefined) === (options.file === undefined)) {
    throw new CliError(EXIT.usage, 'Give a document, or --file.')
  }
  const document =
    options.file === undefined
      ? await readSecret(given ?? '', world.stdin)
      : await readFile(options.file, 'utf8')
  if (document.trim() === '') throw new CliError(EXIT.usage, 'The document is empty.')
  const client = connect(await settings(), options.tenantKey ? 'tenant' : 'either')
  const data = await client.graphql(document, options.var)
  output.data(data, () => printableJson(data, 2))
  return EXIT.done
}
