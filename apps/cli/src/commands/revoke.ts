import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { confirm } from '../prompts/confirm.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_IDENTITY } from '../terminal/not-found.ts'

export function addRevoke(program: Command, action: Action): void {
  const command = program
    .command('revoke')
    .description("kill an identity's number")
    .argument('<id>', 'the identity, as register and identities print it')
    .option('--yes', 'do not ask')
    .action(action(revoke))
  addExamples(command, ['emailauth revoke demo.AGhV3kq1x0oJ2mN7bQd5t1w --yes'])
}

async function revoke(context: Context, id: string, options: { readonly yes?: boolean }): Promise<ExitCode> {
  const { output } = context
  const client = connect(await context.settings(), 'either')
  await confirm(context, { yes: options.yes, question: 'Kill this number? The person can register again.' })
  const revoked = await client.revoke(id)
  output.data({ id, revoked }, () => '')
  if (revoked) output.info('Revoked.')
  else output.problem(...NO_SUCH_IDENTITY)
  return revoked ? EXIT.done : EXIT.notFound
}
