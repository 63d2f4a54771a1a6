import { StringDecoder } from 'node:string_decoder'

/**
 * Splits text that arrives in pieces into lines. Each line is reported once it is complete.
 * @returns a function that takes the next piece. It throws a RangeError when a line has more than `longest`
 * characters.
 */
export function splitLines(onLine: (line: string) => void, longest: number): (piece: Buffer) => void {
  const decoder = new StringDecoder()
  let rest = ''
  return (piece) => {
    const text = decoder.write(piece)
    let from = 0
    // Search only the new piece, because a line of megabytes arrives in many pieces.
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end)
      rest = ''
      from = end + 1
      onLine(line)
    }
    rest += text.slice(from)
    if (rest.length > longest) throw new RangeError(`a line of more than ${longest} characters`)
  }
}
