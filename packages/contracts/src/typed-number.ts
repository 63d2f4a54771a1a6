import { groupDigits } from './group-digits.ts'

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

/** Digits that were read, by their character: there are some 700, and one is found by up to 50 others. */
const asciiDigits = new Map<string, string>()

/** Unicode keeps the ten digits of a script together, in order; sets of ten may follow one another. */
function toAsciiDigit(digit: string): string {
  const known = asciiDigits.get(digit)
  if (known !== undefined) return known
  const code = digit.codePointAt(0) ?? 0
  let first = code
  while (IS_DIGIT.test(String.fromCodePoint(first - 1))) first -= 1
  const ascii = String((code - first) % 10)
  asciiDigits.set(digit, ascii)
  return ascii
}

/** Fewest and most digits of the numbers that are drawn (number-policy.ts and the tenants' settings). */
export const DRAWN_MIN_DIGITS = 6
export const DRAWN_MAX_DIGITS = 24

const LINE_ENDS = '\\r\\n\\v\\f\\u2028\\u2029'
const DIGIT = String.raw`\p{Nd}[\p{M}\p{Cf}]*`
/** Between groups: spaces and ends of lines, or one dash or dot. No other character continues a number. */
const SEPARATOR = String.raw`(?:[\p{Zs}\t${LINE_ENDS}]+|[\p{Pd}\u2212.·])[\p{M}\p{Cf}]*`
const CHAIN = new RegExp(`${DIGIT}(?:(?:${SEPARATOR})?${DIGIT})*`, 'gu')
const SEPARATORS = new RegExp(SEPARATOR, 'gu')
const LINE_END = new RegExp(`[${LINE_ENDS}]`)
/** Letters of scripts that have capitals. In others a sentence goes on at the digits, without a space. */
const CASED_AT_END = /[\p{Lu}\p{Ll}]$/u
const ONE_CASED_AT_START = /^[\p{Lu}\p{Ll}](?!\p{L})/u
/** Such as minutes. A grouped number has groups of three and four. */
const SHORT_GROUP = /\b\d{1,2}\b/

/**
 * Finds the number in what was typed or pasted: the number itself in any form, or a line or sentence of the
 * mail around it. There it is whole or in groups as the mail prints it, so that years, minutes and digits in
 * a tenant's name are no numbers. Returns undefined when there is none, or more than one, or when a letter
 * that may stand for a digit touches it.
 *
 * @param digits how many digits the number has, if that is known
 */
export function findTypedNumber(text: string, digits?: number): string | undefined {
  const whole = readTypedNumber(text)
  if (whole !== undefined && (digits === undefined || whole.length === digits)) return whole
  const found = new Set<string>()
  for (const { 0: chain, index } of text.matchAll(CHAIN)) {
    // `Studio1871` is a name, and the last letter of `1234567O` was typed for a digit.
    if (CASED_AT_END.test(text.slice(Math.max(0, index - 1), index))) continue
    const end = index + chain.length
    if (ONE_CASED_AT_START.test(text.slice(end, end + 2))) continue
    for (const number of numbersIn(chain)) if (isLength(number.length, digits)) found.add(number)
  }
  if (found.size === 0) return whole
  const [only] = found
  return found.size === 1 ? only : undefined
}

const isLength = (length: number, digits: number | undefined) =>
  digits === undefined ? length >= DRAWN_MIN_DIGITS && length <= DRAWN_MAX_DIGITS : length === digits

/** Numbers in a chain. What stands between two short groups is one number, as the mail prints it, or none. */
function numbersIn(chain: string): string[] {
  const line = chain
    // After the end of a line the same number may go on, or another begin.
    .replace(SEPARATORS, (separator) => (LINE_END.test(separator) ? '\n' : ' '))
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(OTHER_DIGIT, toAsciiDigit)
  return line
    .split(SHORT_GROUP)
    .map((run) => ({ run: run.trim(), number: run.replace(/\s/g, '') }))
    .filter(({ run, number }) => run === number || run === groupDigits(number))
    .map(({ number }) => number)
}
