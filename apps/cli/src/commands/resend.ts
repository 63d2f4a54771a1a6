import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'
import { printRegistration } from './register.ts'

export function addResend(program: Command, action: Action): void {
  const command = program
    .command('resend')
    .description('mail the same number again')
    .argument('<id>', 'the identity, as register printed it')
    .action(action(resend))
  addExamples(command, ['emailauth resend demo.AGhV3kq1x0oJ2mN7bQd5t1w'])
}

async function resend(context: Context, id: string): Promise<ExitCode> {
  const client = connect(await context.settings(), 'tenant')
  return printRegistration(context, await client.resend(id))
}
