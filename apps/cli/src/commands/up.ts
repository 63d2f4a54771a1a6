import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { wholeNumber } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export function addUp(program: Command, action: Action): void {
  const command = addRun(program, 'up', {
    description: 'run all of it here; Ctrl-C stops it',
    processes: 'processes of each service, for more than one core',
  }).action(action(runWith(false)))
  addExamples(command, [
    'emailauth up',
    'emailauth up --log-level info',
    'emailauth up --processes 4',
    'EMAILAUTH_GATEWAY_PORT=4100 EMAILAUTH_HOME=/srv/emailauth emailauth up',
  ])
}

export function addServe(program: Command, action: Action): void {
  const command = addRun(program, 'serve', {
    description:
      'like up, with gateway, persistence and mailer in one process: faster and smaller on one machine',
    processes: 'processes that each hold all three, for more than one core',
  }).action(action(runWith(true)))
  addExamples(command, [
    'emailauth serve',
    'emailauth serve --processes 4',
    'EMAILAUTH_SMTP_URL=smtps://… emailauth serve --log-level info',
  ])
}

interface Descriptions {
  readonly description: string
  readonly processes: string
}

function addRun(program: Command, name: string, { description, processes }: Descriptions): Command {
  return program
    .command(name)
    .description(description)
    .addOption(
      new Option('--log-level <level>', 'which log lines of the services are shown')
        .choices(LEVELS)
        .env('EMAILAUTH_LOG_LEVEL')
        .default('warn'),
    )
    .addOption(
      new Option('--processes <n>', processes)
        .argParser(wholeNumber(1, 64))
        .env('EMAILAUTH_PROCESSES')
        .default(1),
    )
    .addOption(new Option('--watch', 'start a service again when its bundle changes').hideHelp())
}

interface Options {
  readonly logLevel: string
  readonly watch?: boolean
  readonly processes: number
}

function runWith(together: boolean) {
  return async (context: Context, { logLevel, watch = false, processes }: Options): Promise<ExitCode> => {
    const { up } = await import('../up/run-up.ts')
    return up(context, { logLevel, watch, together, processes })
  }
}
