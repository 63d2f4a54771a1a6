import { domainToASCII } from 'node:url'

/** A valid email address. */
export interface EmailAddress {
  /** For mail and display: trimmed, the domain in lower case and punycode, the local part as given. */
  readonly email: string
  /** For comparison: the same with the local part in lower case. */
  readonly key: string
}

/** Why an address is invalid: a sentence for the person who entered it. */
export interface EmailAddressFault {
  readonly fault: string
}

const LOCAL_MAX_BYTES = 64
const EMAIL_MAX_BYTES = 254

// atext of RFC 5322 with the non-ASCII characters of RFC 6531. Dots are allowed anywhere, because mobile
// carriers have issued such mailboxes.
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u
const ONLY_DOTS = /^\.+$/
const MISPLACED_DOT = /^\.|\.\.|\.$/
const DOMAIN_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * What nearly every address looks like: none of the conversions changes it, but for the case of its domain.
 * A label in punycode, a quote, or a last label with a digit needs a closer look.
 */
const PLAIN =
  /^(?=.{1,254}$)[a-z0-9!#$%&'*+/=?^_`{|}~-][a-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i

const AT_SIGNS = /[\uff20\ufe6b]/g
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** Distance from a full-width form to its ASCII character. */
const FULL_WIDTH_OFFSET = 0xfee0

/**
 * Reads an address into the form that `register`, `verify`, sign-in, suppressions and bounces compare.
 * Full-width ASCII becomes ASCII, a quoted local part is unquoted, and the domain is put in lower case and
 * punycode. Nothing else is changed.
 */
export function readEmailAddress(given: string): EmailAddress | EmailAddressFault {
  if (PLAIN.test(given)) return lowered(given, given.lastIndexOf('@'))
  // Before trimming, which would remove a line break at the edge. Nobody enters one by accident.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(given))
    return { fault: 'An email address has no control characters or line breaks.' }
  const trimmed = toHalfWidth(given).trim()
  if (trimmed === '') return { fault: 'The email address is empty.' }
  const at = trimmed.lastIndexOf('@')
  if (at < 1 || at === trimmed.length - 1) return { fault: 'An email address reads name@domain.' }
  const local = unquoted(trimmed.slice(0, at)).normalize('NFC')
  if (!LOCAL_PART.test(local) || ONLY_DOTS.test(local))
    return { fault: 'The part before the @ has characters that an email address cannot have.' }
  if (Buffer.byteLength(local) > LOCAL_MAX_BYTES)
    return { fault: `The part before the @ is longer than ${LOCAL_MAX_BYTES} bytes.` }
  const domain = readDomain(trimmed.slice(at + 1))
  if (domain === undefined) return { fault: 'The part after the @ is no domain name.' }
  const email = `${local}@${domain}`
  if (Buffer.byteLength(email) > EMAIL_MAX_BYTES)
    return { fault: `The email address is longer than ${EMAIL_MAX_BYTES} bytes.` }
  return lowered(email, local.length)
}

function lowered(address: string, at: number): EmailAddress {
  const domain = address.slice(at).toLowerCase()
  const local = address.slice(0, at)
  // Of a capital and a mark that are no one character, the small letter may be one, such as \u01f0.
  return { email: local + domain, key: local.toLowerCase().normalize('NFC') + domain }
}

/** The key of an address. For an invalid one it is the text in lower case, which equals no address. */
export function emailKey(given: string): string {
  const address = readEmailAddress(given)
  return 'fault' in address ? given.toLowerCase() : address.key
}

/**
 * An address for SMTP commands and mail headers. A local part is quoted if it begins or ends with a dot, or
 * has two in a row (RFC 5321, 4.1.2).
 *
 * @param email as {@link readEmailAddress} gave it.
 */
export function toMailbox(email: string): string {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at)
  return MISPLACED_DOT.test(local) ? `"${local}"${email.slice(at)}` : email
}

/**
 * Converts full-width ASCII from East Asian keyboards. Other compatibility forms may be different letters.
 */
function toHalfWidth(text: string): string {
  return text
    .replace(AT_SIGNS, '@')
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
}

/**
 * `"a..b"` and `a..b` are the same (RFC 5321, 4.1.2). Quotes around other characters stay and are refused.
 */
function unquoted(local: string): string {
  const inner = /^"([^"\\]+)"$/.exec(local)?.[1]
  return inner !== undefined && LOCAL_PART.test(inner) ? inner : local
}

function readDomain(given: string): string | undefined {
  // domainToASCII reads the host of a URL, so it would accept an IPv4 address and cut off a path or port.
  if (!/^[\p{L}\p{M}\p{N}.\u3002\uff61-]+$/u.test(given)) return undefined
  const ascii = domainToASCII(given.normalize('NFC').toLowerCase())
  const labels = ascii.split('.')
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return undefined
  return /^[0-9]+$/.test(labels.at(-1) ?? '') ? undefined : ascii
}
