import type { Readable } from 'node:stream'
import type { Context } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { readSecret } from '../options/read-secret.ts'
import { isTerminal } from '../terminal/output.ts'

/** A secret from an option (`-`: stdin), or asked for on the terminal without showing it. */
export async function askSecret(
  { world, globals }: Context,
  given: string | undefined,
  what: string,
): Promise<string> {
  if (given !== undefined) return readSecret(given, world.stdin)
  if (globals.input === false || !world.stdin.isTTY || !isTerminal(world.stderr)) {
    throw new CliError(EXIT.usage, `${what}: nobody can be asked here. Give it on stdin with --key -`)
  }
  const prompts = await import('@clack/prompts')
  const answer = await prompts.password({
    message: what,
    input: world.stdin as Readable,
    output: world.stderr,
  })
  if (typeof answer !== 'string') throw new CliError(EXIT.cancelled, 'Cancelled.')
  return answer
}
