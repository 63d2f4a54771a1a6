import type { Context } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { readSecret } from '../options/read-secret.ts'
import { personAt } from './person.ts'

/**
 * A secret from an option (`-`: stdin), or asked for on the terminal without showing it.
 * @param given the option's value; undefined: ask
 * @param what names the secret in the question and in errors, such as `API key`
 * @throws {CliError} with exit code 2 on Ctrl-C, and 64 when nobody can be asked.
 */
export async function askSecret(context: Context, given: string | undefined, what: string): Promise<string> {
  if (given !== undefined) return readSecret(given, context.world.stdin)
  const person = personAt(context)
  if (person === undefined) {
    throw new CliError(EXIT.usage, `${what}: nobody can be asked here. Give it on stdin with --key -`)
  }
  const prompts = await import('@clack/prompts')
  const answer = await prompts.password({ message: what, ...person })
  if (typeof answer !== 'string') throw new CliError(EXIT.cancelled, 'Cancelled.')
  return answer
}
