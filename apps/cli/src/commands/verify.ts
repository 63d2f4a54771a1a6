import { findTypedNumber } from '@emailauth/contracts/typed-number'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode, exitCodeOfOutcome } from '../exit-codes.ts'
import { readSecret } from '../options/read-secret.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'

interface VerifyOptions {
  readonly email?: string
  readonly identity?: string
  readonly clientIp?: string
  readonly idempotencyKey?: string
}

export function addVerify(program: Command, action: Action): void {
  const command = program
    .command('verify')
    .description('trade a number for the token, once')
    .argument('<number...>', 'as mailed, or the line of the mail; - reads stdin')
    .option('--email <address>', 'it must be the registered address')
    .option('--identity <id>', 'it must be this identity')
    .option('--client-ip <ip>', "the end user's IP address, for the limits")
    .option('--idempotency-key <key>', 'names this call: the same key gets the same answer')
    .action(action(verify))
  addExamples(command, [
    'emailauth verify 1234 5678 9012',
    'token=$(emailauth verify "1234 5678 9012" --email ada@example.com)',
  ])
}

async function verify(
  context: Context,
  number: readonly string[],
  options: VerifyOptions,
): Promise<ExitCode> {
  const { output, world } = context
  const typed = await readSecret(number.join(' '), world.stdin)
  // Nothing was tried, so that no wrong number is counted.
  if (typed.trim() === '') throw new CliError(EXIT.usage, 'There is no number: stdin is empty.')
  const result = await connect(await context.settings(), 'tenant').verify({
    // A line of the mail holds it too. What is no number is sent as it was typed, and is wrong.
    number: findTypedNumber(typed) ?? typed,
    email: options.email,
    identityId: options.identity,
    clientIp: options.clientIp,
    idempotencyKey: options.idempotencyKey,
  })
  if (result.__typename === 'Verified') {
    // A program gets the token untouched; a terminal must not be steered by it.
    output.data(result, () => (output.width === undefined ? result.token : printable(result.token)))
    output.info(output.infoColors.green(`${printable(result.email)} reads this mailbox.`))
  } else {
    output.data(result, () => '')
    output.problem(result.message)
  }
  return exitCodeOfOutcome(result)
}
