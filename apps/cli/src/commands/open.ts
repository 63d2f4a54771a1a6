import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Argument, type Command } from 'commander'
import type { Action } from '../action.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'

export function addOpen(program: Command, action: Action): void {
  const command = program
    .command('open')
    .description('open the dashboard or the inbox in the browser; prints the URL')
    .addArgument(new Argument('[what]', 'what to open').choices(['dashboard', 'inbox']).default('dashboard'))
    .action(action(open))
  addExamples(command, ['emailauth open', 'emailauth open inbox'])
}

async function open({ output, settings, globals, world }: Context, what: string): Promise<ExitCode> {
  const { url, inboxUrl } = await settings()
  const target = what === 'inbox' ? inboxUrl : `${url.replace(/(\/graphql)?\/*$/, '')}/admin/`
  if (target === null) throw new CliError(EXIT.notFound, 'There is no built-in inbox here.')
  if (!/^https?:\/\//.test(target)) throw new CliError(EXIT.usage, 'Only http:// and https:// are opened.')
  output.data({ url: target }, () => target)
  // A program that reads the URL wants no window.
  if (globals.input === false || !world.stdout.isTTY) return EXIT.done
  const [file = '', ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  const child = spawn(file, [...args, target], { stdio: 'ignore', detached: true })
  const started = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ])
  child.unref()
  if (!started) output.info('No browser was found; open the URL yourself.')
  return EXIT.done
}
