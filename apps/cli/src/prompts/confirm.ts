import type { Readable } from 'node:stream'
import type { Context } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { isTerminal } from '../terminal/output.ts'

/**
 * Asks before an action that cannot be undone. `--yes` skips the question. Without a terminal it refuses.
 * @throws {CliError} with exit code 2 when the answer is no or Ctrl-C.
 */
export async function confirm(
  { world, globals }: Context,
  { yes, question }: { yes: boolean | undefined; question: string },
): Promise<void> {
  if (yes) return
  if (globals.input === false || !world.stdin.isTTY || !isTerminal(world.stderr)) {
    throw new CliError(EXIT.usage, 'This cannot be undone, and nobody can be asked here: say --yes.')
  }
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({
    message: question,
    initialValue: false,
    input: world.stdin as Readable,
    output: world.stderr,
  })
  if (answer !== true) throw new CliError(EXIT.cancelled, 'Cancelled; nothing was changed.')
}
