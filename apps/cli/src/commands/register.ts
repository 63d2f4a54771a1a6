import type { ResendResult } from '@emailauth/client'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodeOfOutcome } from '../exit-codes.ts'
import { required, wholeNumber } from '../options/option-values.ts'
import { readSecret } from '../options/read-secret.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'
import { timeLeft } from '../terminal/relative-time.ts'

interface RegisterOptions {
  readonly email?: string
  readonly token?: string
  readonly locale?: string
  readonly expiresIn?: number
  readonly clientIp?: string
  readonly idempotencyKey?: string
}

export function addRegister(program: Command, action: Action): void {
  const command = program
    .command('register')
    .description('mail a number that stands for a token')
    .option('--email <address>', 'the address to prove (required)')
    .option('--token <token>', 'what verify hands back; - reads stdin (required)')
    .option('--locale <tag>', 'language of the mail, such as es')
    .option('--expires-in <seconds>', 'life of the number', wholeNumber(1, 999_999_999))
    .option('--client-ip <ip>', "the end user's IP address, for the limits")
    .option('--idempotency-key <key>', 'names this call: the same key gets the same answer')
    .action(action(register))
  addExamples(command, [
    'emailauth register --email ada@example.com --token hello',
    'openssl rand -hex 32 | emailauth register --email ada@example.com --token -',
    'emailauth register --email ada@example.com --token hello --locale es',
  ])
}

async function register(context: Context, options: RegisterOptions): Promise<ExitCode> {
  const email = required(options.email, '--email <address>')
  const token = await readSecret(required(options.token, '--token <token>'), context.world.stdin)
  const result = await connect(await context.settings(), 'tenant').register({
    email,
    token,
    locale: options.locale,
    expiresInSeconds: options.expiresIn,
    clientIp: options.clientIp,
    idempotencyKey: options.idempotencyKey,
  })
  return printRegistration(context, result)
}

/** What register and resend answer: the identity's id on stdout, the description on stderr. */
export function printRegistration({ output }: Context, result: ResendResult): ExitCode {
  const colors = output.infoColors
  if (result.__typename !== 'Registered') {
    output.data(result, () => '')
    output.problem(result.message)
    return exitCodeOfOutcome(result)
  }
  output.data(result, () => result.identityId)
  const how = {
    SENT: `is ${colors.green('mailed')}`,
    QUEUED: colors.yellow('will be mailed as soon as the mail server takes it'),
    FAILED: colors.red('could not be mailed'),
  }[result.delivery]
  output.info(
    `The number for ${printable(result.email)} ${how}; it expires in ${timeLeft(result.expiresAt, Date.now())}.`,
  )
  if (result.replaced) output.info('The number that this address had before is no longer valid.')
  return exitCodeOfOutcome(result)
}
