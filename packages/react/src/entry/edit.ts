import { groupDigits } from '@emailauth/contracts/group-digits'
import { findTypedNumber, readTypedDigits, readTypedNumber } from '@emailauth/contracts/typed-number'

/** What an input holds after somebody typed in it, as the browser reports it. */
export interface Typed {
  readonly text: string
  /** Where the caret stands in the text. */
  readonly caret: number
  /** What the input held before. */
  readonly previous: string
  /** `InputEvent.inputType`; absent where a browser or a password manager fills the input. */
  readonly inputType?: string | undefined
}

/** What the input should hold now. */
export interface Edited {
  readonly value: string
  readonly caret: number
  /** The number without spaces; undefined while it cannot be one. */
  readonly number: string | undefined
  /** Letters are among what was typed; it is left as it is, so that nothing is lost. */
  readonly hasLetters: boolean
}

/**
 * Groups the digits as they are typed and keeps the caret behind the digit that it followed.
 *
 * @param digits how many digits the number has, if that is known
 */
export function editNumber(typed: Typed, digits?: number): Edited {
  const { text, caret, previous, inputType } = typed
  const read = readTypedDigits(text)
  if (read === undefined) {
    // A filled or dropped sentence holds the number somewhere. Somebody who types a letter must see it.
    const found = inputType === 'insertText' ? undefined : findTypedNumber(text, digits)
    if (found !== undefined) return grouped(found, found.length, digits)
    return { value: text, caret, number: undefined, hasLetters: true }
  }
  const before = readTypedDigits(text.slice(0, caret))?.length ?? 0
  const isUnchanged = read === readTypedDigits(previous) && text.length < previous.length
  // Only the space between two groups was deleted: the digit beside it is meant.
  if (isUnchanged && inputType === 'deleteContentBackward' && before > 0) {
    return grouped(read.slice(0, before - 1) + read.slice(before), before - 1, digits)
  }
  if (isUnchanged && inputType === 'deleteContentForward') {
    return grouped(read.slice(0, before) + read.slice(before + 1), before, digits)
  }
  return grouped(read, before, digits)
}

/** Reads a whole text as a paste over everything does. */
export function fillNumber(text: string, digits?: number): Edited {
  return editNumber({ text, caret: text.length, previous: '' }, digits)
}

function grouped(read: string, before: number, digits: number | undefined): Edited {
  const value = group(read, digits)
  return { value, caret: caretAfter(value, before), number: readTypedNumber(read), hasLetters: false }
}

/** In groups as the mail shows the whole number; in fours while its length is unknown. */
function group(read: string, digits: number | undefined): string {
  if (digits === undefined) return read.replace(/\d{4}(?=\d)/g, '$& ')
  let at = 0
  const pattern = groupDigits('0'.repeat(Math.max(digits, read.length)))
  return pattern.replace(/0/g, () => read[at++] ?? '').trimEnd()
}

function caretAfter(value: string, count: number): number {
  let seen = 0
  for (let at = 0; at < value.length; at++) {
    if (seen === count) return at
    if (value[at] !== ' ') seen += 1
  }
  return value.length
}
