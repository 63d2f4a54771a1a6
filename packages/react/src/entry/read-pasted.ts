import { readTypedNumber } from '@emailauth/contracts/typed-number'

/** Between two of these a number cannot go on. */
const BREAK = /[\p{L}\r\n\v\f\u2028\u2029]+/u

/**
 * Finds the number in a text from a clipboard: the number itself in any form, or a line or sentence of the
 * mail around it. Answers undefined when there is none, or more than one.
 *
 * @param digits how many digits the number has, if that is known
 */
export function readPasted(text: string, digits?: number): string | undefined {
  const candidates = new Set<string>()
  for (const part of text.split(BREAK)) {
    const number = readTypedNumber(part)
    if (number !== undefined && (digits === undefined || number.length === digits)) candidates.add(number)
  }
  const [only] = candidates
  if (candidates.size === 1) return only
  // A number that was broken over two lines.
  return candidates.size === 0 ? readTypedNumber(text) : undefined
}
