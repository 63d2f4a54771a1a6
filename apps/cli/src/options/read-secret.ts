import { isUtf8 } from 'node:buffer'
import type { World } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'

/** Longest secret that is read, far above what the server takes; a whole disk piped in by mistake is not. */
const MAX_BYTES = 65_536

/**
 * The command-line value, or all of stdin without its last line break if the value is `-`. Stdin keeps a
 * secret out of the process list and the shell's history.
 */
export async function readSecret(value: string, stdin: World['stdin']): Promise<string> {
  if (value !== '-') return value
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin) {
    // Node types what a stream yields as any.
    const bytes = Buffer.from(chunk as Buffer | string)
    length += bytes.length
    if (length > MAX_BYTES) throw new CliError(EXIT.failed, `More than ${MAX_BYTES} bytes came from stdin.`)
    chunks.push(bytes)
  }
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes)) throw new CliError(EXIT.failed, 'What came from stdin is not UTF-8.')
  return bytes.toString('utf8').replace(/\r?\n$/, '')
}
