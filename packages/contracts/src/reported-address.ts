import { type EmailAddress, readEmailAddress } from './email-address.ts'

/** Longest text that may hold an address: with a name, or each character as `\x{…}`. */
export const REPORTED_ADDRESS_MAX_LENGTH = 1000

/** `rfc822;` and `utf-8;` (RFC 3464, RFC 6533), `mailto:`. */
const TYPE = /^\s*(?:[a-z][a-z0-9-]*\s*;|mailto:)\s*/i

/**
 * The addresses that a text may mean, the likeliest first: as reports of mail servers, providers and lists of
 * people write one. That is with its type, in angle brackets, with a name or a comment, in xtext (RFC 3461)
 * or as `\x{E9}` (RFC 6533). What is left is read as `register` reads it. Empty: it names none.
 *
 * `ada+2Bx@…` may be xtext, or the mailbox of that name; so both are answered, and the caller knows which
 * one was written to.
 */
export function readReportedAddress(given: string): readonly EmailAddress[] {
  if (given.length > REPORTED_ADDRESS_MAX_LENGTH) return []
  const bare = withoutName(given.replace(TYPE, ''))
  const literal = bare.replace(/\\x\{([0-9A-F]{2,6})\}/gi, (_, hex: string) => character(hex))
  const decoded = literal.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => character(hex))
  const read = [...new Set([literal, decoded])].map(readEmailAddress)
  return read.filter((address): address is EmailAddress => !('fault' in address))
}

/** `Ada <ada@example.com>` and `ada@example.com (Ada)`. */
function withoutName(text: string): string {
  const inner = /<([^<>]*)>\s*$/.exec(text)?.[1]
  return (inner ?? text.replace(/\s\([^()]*\)\s*$/, '')).trim()
}

function character(hex: string): string {
  const value = Number.parseInt(hex, 16)
  return value > 0x10_ff_ff ? '\ufffd' : String.fromCodePoint(value)
}
