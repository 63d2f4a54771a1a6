import { StringDecoder } from 'node:string_decoder'

/**
 * Takes a text piece by piece and hands over its lines, each once it is whole.
 * @returns takes the next piece.
 * @throws {RangeError} from it, when a line has more than `longest` characters.
 */
export function splitLines(onLine: (line: string) => void, longest: number): (piece: Buffer) => void {
  const decoder = new StringDecoder()
  let rest = ''
  return (piece) => {
    const text = decoder.write(piece)
    let from = 0
    // Only what is new is searched: a line of megabytes comes in many pieces.
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
