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
