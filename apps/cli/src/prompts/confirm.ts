import type { Context } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { personAt } from './person.ts'

/**
 * Asks before an action that cannot be undone. `--yes` skips the question. Without a terminal it refuses.
 * @throws {CliError} with exit code 2 when the answer is no or Ctrl-C, and 64 when nobody can be asked.
 */
export async function confirm(
  context: Context,
  { yes, question }: { yes: boolean | undefined; question: string },
): Promise<void> {
  if (yes) return
  const person = personAt(context)
  if (person === undefined) {
    throw new CliError(EXIT.usage, 'This cannot be undone, and nobody can be asked here: say --yes.')
  }
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({ message: question, initialValue: false, ...person })
  if (answer !== true) throw new CliError(EXIT.cancelled, 'Cancelled; nothing was changed.')
}
