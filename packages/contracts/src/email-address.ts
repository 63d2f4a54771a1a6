import { domainToASCII } from 'node:url'

/** An email address that was understood. */
export interface EmailAddress {
  /** As it is shown: trimmed, the domain in lower case and punycode, the local part as given. */
  readonly email: string
  /** What makes two addresses the same: also the local part without case. */
  readonly key: string
}

/** Why an address was not understood: a sentence for the person who typed it. */
export interface EmailAddressFault {
  readonly fault: string
}

const LOCAL_MAX_BYTES = 64
const EMAIL_MAX_BYTES = 254

// atext of RFC 5322 with RFC 6531's non-ASCII characters. Dots may stand anywhere: mobile carriers have given out such mailboxes.
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u
const ONLY_DOTS = /^\.+$/
const MISPLACED_DOT = /^\.|\.\.|\.$/
const DOMAIN_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

const AT_SIGNS = /[\uff20\ufe6b]/g
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** From a full-width form to its ASCII character. */
const FULL_WIDTH_OFFSET = 0xfee0

/**
 * Reads an address: the one form that `register`, `verify`, sign-in, suppressions and bounces compare. Full-width
 * ASCII is folded, a quoted local part opened, the domain put in lower case and punycode; nothing else is rewritten.
 */
export function readEmailAddress(given: string): EmailAddress | EmailAddressFault {
  // Before trimming: a line break at the edge would be trimmed away, and nobody types one.
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
  return { email, key: `${local.toLowerCase()}@${domain}` }
}

/** The key of an address; of what is none the text in lower case, which equals itself and no address. */
export function emailKey(given: string): string {
  const address = readEmailAddress(given)
  return 'fault' in address ? given.toLowerCase() : address.key
}

/**
 * An address as SMTP commands and mail headers need it: a local part whose dots do not stand between other characters is
 * quoted (RFC 5321, 4.1.2).
 *
 * @param email as {@link readEmailAddress} gave it.
 */
export function toMailbox(email: string): string {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at)
  return MISPLACED_DOT.test(local) ? `"${local}"${email.slice(at)}` : email
}

/** ASCII that an East Asian keyboard typed in its full width. Other compatibility forms may be letters of their own. */
function toHalfWidth(text: string): string {
  return text
    .replace(AT_SIGNS, '@')
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
}

/** `"a..b"` and `a..b` are one local part (RFC 5321, 4.1.2). Quotes around other characters stay, and are refused. */
function unquoted(local: string): string {
  const inner = /^"([^"\\]+)"$/.exec(local)?.[1]
  return inner !== undefined && LOCAL_PART.test(inner) ? inner : local
}

function readDomain(given: string): string | undefined {
  // domainToASCII knows URLs, so it would take an IPv4 address in any notation, and a path or port it would cut off.
  if (!/^[\p{L}\p{M}\p{N}.\u3002\uff61-]+$/u.test(given)) return undefined
  const ascii = domainToASCII(given.normalize('NFC').toLowerCase())
  const labels = ascii.split('.')
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return undefined
  return /^[0-9]+$/.test(labels.at(-1) ?? '') ? undefined : ascii
}
