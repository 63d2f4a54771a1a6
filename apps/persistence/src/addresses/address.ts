import { domainToASCII } from 'node:url'

/** An email address that was understood. */
export interface Address {
  /** As it is mailed and shown: trimmed, the domain in lower case and punycode, the local part as given. */
  readonly email: string
  /** What makes two addresses the same: also the local part without case. */
  readonly key: string
  /** What the limits count by: the key without a `+tag`. */
  readonly canonical: string
}

/** Why an address was not understood: a sentence for the person who typed it. */
export interface AddressFault {
  readonly fault: string
}

const LOCAL_MAX_BYTES = 64
const EMAIL_MAX_BYTES = 254

// RFC 5321 dot-string with RFC 6531's non-ASCII characters; quoted local parts are not taken, nobody has one.
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const DOMAIN_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Reads an address as design section 4 says. It never rewrites more than that; what it cannot read it refuses. */
export function readAddress(given: string): Address | AddressFault {
  // Before trimming: a line break at the edge would be trimmed away, and nobody types one.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(given))
    return { fault: 'An email address has no control characters or line breaks.' }
  const trimmed = given.trim()
  if (trimmed === '') return { fault: 'The email address is empty.' }
  const at = trimmed.lastIndexOf('@')
  if (at < 1 || at === trimmed.length - 1) return { fault: 'An email address reads name@domain.' }
  const local = trimmed.slice(0, at).normalize('NFC')
  if (!LOCAL_PART.test(local))
    return { fault: 'The part before the @ has characters that an email address cannot have.' }
  if (Buffer.byteLength(local) > LOCAL_MAX_BYTES)
    return { fault: `The part before the @ is longer than ${LOCAL_MAX_BYTES} bytes.` }
  const domain = readDomain(trimmed.slice(at + 1))
  if (domain === undefined) return { fault: 'The part after the @ is no domain name.' }
  const email = `${local}@${domain}`
  if (Buffer.byteLength(email) > EMAIL_MAX_BYTES)
    return { fault: `The email address is longer than ${EMAIL_MAX_BYTES} bytes.` }
  const lower = local.toLowerCase()
  const plus = lower.indexOf('+')
  return {
    email,
    key: `${lower}@${domain}`,
    canonical: `${plus > 0 ? lower.slice(0, plus) : lower}@${domain}`,
  }
}

function readDomain(given: string): string | undefined {
  // domainToASCII knows URLs, so it would take an IPv4 address in any notation, and a path or port it would cut off.
  if (!/^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u.test(given)) return undefined
  const ascii = domainToASCII(given.normalize('NFC').toLowerCase())
  const labels = ascii.split('.')
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return undefined
  return /^[0-9]+$/.test(labels.at(-1) ?? '') ? undefined : ascii
}
