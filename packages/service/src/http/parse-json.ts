/**
 * Reads JSON that may hold secrets.
 * @throws {SyntaxError} without the text: V8's own message quotes a piece of it, which would end up in a log.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SyntaxError(`This is not JSON (${text.length} characters).`)
  }
}
