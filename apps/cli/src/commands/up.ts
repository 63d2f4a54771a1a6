import { type Command, Option } from 'commander'
import { type Action, addExamples } from '../action.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export function addUp(program: Command, action: Action): void {
  const command = program
    .command('up')
    .description('run all of it here; Ctrl-C stops it')
    .addOption(
      new Option('--log-level <level>', 'which log lines of the services are shown')
        .choices(LEVELS)
        .env('EMAILAUTH_LOG_LEVEL')
        .default('warn'),
    )
    .addOption(new Option('--watch', 'start a service again when its bundle changes').hideHelp())
    .action(action(run))
  addExamples(command, [
    'emailauth up',
    'emailauth up --log-level info',
    'EMAILAUTH_GATEWAY_PORT=4100 EMAILAUTH_HOME=/srv/emailauth emailauth up',
  ])
}

interface Options {
  readonly logLevel: string
  readonly watch?: boolean
}

async function run(context: Context, { logLevel, watch = false }: Options): Promise<ExitCode> {
  const { up } = await import('../up/up.ts')
  return up(context, { logLevel, watch })
}
