/** Fewest and most digits that a number can have. */
export const NUMBER_MIN_DIGITS = 4
export const NUMBER_MAX_DIGITS = 32

const IS_PLAIN = new RegExp(`^\\d{${NUMBER_MIN_DIGITS},${NUMBER_MAX_DIGITS}}$`)
const IS_DIGITS = /^\d*$/
/** What typing and copying leave among the digits: punctuation, symbols, spaces, marks, controls, formats. */
const DROPPED = /[\p{P}\p{S}\p{Z}\p{C}\p{M}]/gu
const OTHER_DIGIT = /[^\P{Nd}0-9]/gu
const IS_DIGIT = /^\p{Nd}$/u

/**
 * Reads a number as people type and paste it: a decimal digit of any script counts by its value, and whatever
 * is neither letter nor digit is dropped. Returns undefined for what cannot be a number of ours.
 */
export function readTypedNumber(typed: string): string | undefined {
  if (IS_PLAIN.test(typed)) return typed
  const digits = readTypedDigits(typed)
  return digits !== undefined && IS_PLAIN.test(digits) ? digits : undefined
}

/** The same for an incomplete number: any count of digits, also none. undefined: there are letters in it. */
export function readTypedDigits(typed: string): string | undefined {
  const digits = typed.replace(DROPPED, '').replace(OTHER_DIGIT, toAsciiDigit)
  return IS_DIGITS.test(digits) ? digits : undefined
}

/** Unicode keeps the ten digits of a script together, in order; sets of ten may follow one another. */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let first = code
  while (IS_DIGIT.test(String.fromCodePoint(first - 1))) first -= 1
  return String((code - first) % 10)
}

/** Runs of letters and ends of lines. Between two of them a number cannot go on. */
const BREAK = /([\p{L}\r\n\v\f\u2028\u2029]+)/u
/** One letter of a script that has capitals, as somebody types O for 0. */
const ONE_LETTER = /^[\p{Lu}\p{Ll}]$/u

/**
 * Finds the number in what was typed or pasted: the number itself in any form, or a line or sentence of the
 * mail around it. Returns undefined when there is none, or more than one, or when a single letter touches its
 * digits: a letter that was typed for a digit is no part of a sentence.
 *
 * @param digits how many digits the number has, if that is known
 */
export function findTypedNumber(text: string, digits?: number): string | undefined {
  // Parts of a number and breaks in turn.
  const parts = text.split(BREAK)
  const found = new Set<string>()
  for (let at = 0; at < parts.length; at += 2) {
    const part = parts[at] ?? ''
    const number = readTypedNumber(part)
    if (number === undefined || (digits !== undefined && number.length !== digits)) continue
    if (touches(parts[at - 1], part[0]) || touches(parts[at + 1], part.at(-1))) return undefined
    found.add(number)
  }
  const [only] = found
  if (found.size === 1) return only
  // A number that was broken over two lines.
  return found.size === 0 ? readTypedNumber(text) : undefined
}

function touches(letters: string | undefined, character: string | undefined): boolean {
  return ONE_LETTER.test(letters ?? '') && /\p{Nd}/u.test(character ?? '')
}
