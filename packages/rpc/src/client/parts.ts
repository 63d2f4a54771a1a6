import { MAX_BODY_BYTES } from '@emailauth/contracts/body-limits'
import { splitLines } from '../split-lines.ts'
import { parseJson } from './reply.ts'

/** Reports the lines of a reply as they arrive. */
export async function readParts(body: AsyncIterable<Buffer>, onPart: (part: unknown) => void): Promise<void> {
  const split = splitLines((line) => {
    const part = parseJson(line)
    if (part === undefined) throw new Error('a line that is not JSON')
    onPart(part)
  }, MAX_BODY_BYTES)
  for await (const piece of body) split(piece)
}
