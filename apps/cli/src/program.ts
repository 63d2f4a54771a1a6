import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import type { Action } from './action.ts'
import { addApi } from './commands/api.ts'
import { addCompletion, loadTab, type Tab } from './commands/completion.ts'
import { addConfig } from './commands/config.ts'
import { addDkim } from './commands/dkim.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvents } from './commands/events.ts'
import { addIdentities } from './commands/identities.ts'
import { addInbox } from './commands/inbox.ts'
import { addKeys } from './commands/keys.ts'
import { addListen } from './commands/listen.ts'
import { addLogin } from './commands/login.ts'
import { addMail } from './commands/mail.ts'
import { addMessages } from './commands/messages.ts'
import { addOpen } from './commands/open.ts'
import { addRegister } from './commands/register.ts'
import { addResend } from './commands/resend.ts'
import { addReset } from './commands/reset.ts'
import { addRevoke } from './commands/revoke.ts'
import { addSessions } from './commands/sessions.ts'
import { addStatistics } from './commands/statistics.ts'
import { addSuppressions } from './commands/suppressions.ts'
import { addTenants } from './commands/tenants.ts'
import { addTrigger } from './commands/trigger.ts'
import { addServe, addUp } from './commands/up.ts'
import { addVerify } from './commands/verify.ts'
import { addWebhooks } from './commands/webhooks.ts'
import { readSettings, type Settings } from './connection/settings.ts'
import type { Context, GlobalOptions, World } from './context.ts'
import { CliError, EXIT, type ExitCode, exitCodeOfError } from './exit-codes.ts'
import { addExamples, HELP, helpWidthOf } from './terminal/help.ts'
import { columnsOf, createOutput, isColourful, type OutputStream, readColumns } from './terminal/output.ts'
import { wrapText } from './terminal/wrap.ts'

/** Runs one command line and returns its exit code. Every error is on stderr by then. */
export async function runProgram(args: readonly string[], world: World): Promise<ExitCode> {
  const run: { exitCode: ExitCode; context: Context | undefined } = {
    exitCode: EXIT.done,
    context: undefined,
  }
  const action: Action =
    (handler) =>
    async (...given) => {
      // Commander gives the command itself last.
      const command = given.at(-1) as Command
      run.context = createContext(world, command.optsWithGlobals<GlobalOptions>())
      const faults = world.envFaults ?? []
      // doctor and check report these faults themselves.
      if (faults.length > 0 && !['doctor', 'check'].includes(command.name())) {
        throw new CliError(EXIT.usage, faults.join('\n'))
      }
      // Commander gives what the command declares, and the types of the handler repeat that.
      run.exitCode = await handler(run.context, ...(given.slice(0, -1) as never))
    }
  const asked = { json: false }
  try {
    const program = createProgram(world, action, await loadTab(args), asked)
    await program.parseAsync(withNestedHelp(args), { from: 'user' })
    return run.exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      // Requested help and version are no errors. Without JSON, Commander has printed the error already.
      if (error.exitCode === 0) return EXIT.done
      if (asked.json && error.code !== 'commander.help')
        createContext(world, asked).output.fault(toUsageError(error))
      return EXIT.usage
    }
    const context = run.context ?? createContext(world, {})
    context.output.fault(error)
    return exitCodeOfError(error)
  }
}

const toUsageError = ({ message }: CommanderError) =>
  new CliError(EXIT.usage, message.replace(/^error: /, ''))

/** Of `help keys rotate` Commander would print the help of `keys`; of `keys rotate --help` it does not. */
function withNestedHelp(args: readonly string[]): readonly string[] {
  return args[0] === 'help' && args.length > 2 ? [...args.slice(1), '--help'] : args
}

const EXIT_CODES = `
Exit codes:
  0 done                 1 failed            2 cancelled
  3 wrong or not found   4 not authenticated 5 rate-limited
  6 unreachable          64 usage`

/** Each on a line of its own, where a line of several does not fit. */
function exitCodes(width: number): string {
  const isNarrow = EXIT_CODES.split('\n').some((line) => line.length > width)
  return isNarrow ? EXIT_CODES.replace(/ {2,}(?=\d)| (?=5 )/g, '\n  ').replace(/\n{2,} /g, '\n ') : EXIT_CODES
}

const HELP_COMMAND = ['help [command...]', 'print the help of a command'] as const

/** The whole command line: its commands, options and help. It runs nothing. */
function createProgram(
  world: World,
  action: Action,
  tab: Tab | undefined,
  asked: { json: boolean },
): Command {
  const helpWidth = (stream: OutputStream) =>
    Math.min(columnsOf(stream, world.env) ?? readColumns(world.env) ?? 80, 100)
  const program = new Command('emailauth')
    .description('Proves that a person reads a mailbox: a one-time number by mail, traded once for a token.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(...HELP_COMMAND)
    .option('--json', 'print data as JSON, one line a value')
    .option('-q, --quiet', 'print data and errors only')
    .option('--no-input', 'never ask; fail where an answer is needed')
    .option('--url <url>', 'the gateway (else EMAILAUTH_URL, else credentials.json)')
    .option('--profile <name>', 'a gateway that you logged in to (else EMAILAUTH_PROFILE)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(wrapText(text, columnsOf(world.stderr, world.env))),
      // As JSON, the error is printed once it is caught.
      outputError: (text, write) => asked.json || write(text),
      getOutHelpWidth: () => helpWidth(world.stdout),
      getErrHelpWidth: () => helpWidth(world.stderr),
      getOutHasColors: () => isColourful(world.stdout, world.env),
      getErrHasColors: () => isColourful(world.stderr, world.env),
    })
    .configureHelp(HELP)
  program.commandsGroup('Run it:')
  addUp(program, action)
  addServe(program, action)
  addDoctor(program, action)
  addOpen(program, action)
  addReset(program, action)
  program.commandsGroup('Use it:')
  addRegister(program, action)
  addInbox(program, action)
  addVerify(program, action)
  addResend(program, action)
  addIdentities(program, action)
  addRevoke(program, action)
  program.commandsGroup('Watch it:')
  addEvents(program, action)
  addStatistics(program, action)
  addMessages(program, action)
  program.commandsGroup('Connect your program:')
  addWebhooks(program, action)
  addListen(program, action)
  addTrigger(program, action)
  addApi(program, action)
  program.commandsGroup('Administer it:')
  addTenants(program, action)
  addKeys(program, action)
  addSessions(program, action)
  addSuppressions(program, action)
  addMail(program, action)
  addDkim(program, action)
  program.commandsGroup('Set up this command:')
  addLogin(program, action)
  addConfig(program, action)
  addCompletion(program, world, tab)
  program.helpCommand(...HELP_COMMAND)
  nameHelp(program, program.name())
  // Commander reads the global options of the whole line before it refuses anything else.
  program.on('option:json', () => {
    asked.json = true
    nameHelp(program, false)
  })
  addExamples(program, [
    'emailauth up                                                # run all of it',
    'emailauth register --email ada@example.com --token hello    # mail a number',
    'emailauth inbox --to ada@example.com                        # read the number',
    'emailauth verify 1234 5678 9012                             # prints: hello',
  ])
  program.addHelpText('beforeAll', ({ command }) => {
    refuseUnknownCommand(command)
    return ''
  })
  program.addHelpText('after', ({ error }) => exitCodes(helpWidthOf(program, error)))
  return program
}

/**
 * For `nonsense --help` and `help nonsense`, Commander would print the help of the command above. Parsed
 * alone, the name gets the error that it gets without them, with its suggestion.
 */
function refuseUnknownCommand(group: Command): void {
  const [first, second] = group.args
  const name = (first === 'help' ? second : first) ?? '-'
  if (group.commands.length > 0 && !name.startsWith('-') && name !== 'help')
    group.parse([name], { from: 'user' })
}

/** An error of a command names the help of that command; with false it does not. */
function nameHelp(command: Command, line: string | false): void {
  command.showHelpAfterError(line && `(${line} --help shows what there is)`)
  for (const below of command.commands) nameHelp(below, line && `${line} ${below.name()}`)
}

function createContext(world: World, globals: GlobalOptions): Context {
  let settings: Promise<Settings> | undefined
  return {
    world,
    globals,
    output: createOutput({
      stdout: world.stdout,
      stderr: world.stderr,
      env: world.env,
      json: globals.json ?? false,
      quiet: globals.quiet ?? false,
    }),
    settings() {
      settings ??= readSettings({
        url: globals.url,
        profile: globals.profile,
        env: world.env,
        folder: world.folder,
      })
      return settings
    },
  }
}
