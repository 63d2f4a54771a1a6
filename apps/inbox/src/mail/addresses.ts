import { domainToASCII, domainToUnicode } from 'node:url'
import { readableEmail } from '@emailauth/contracts/readable-email'
import type { Address } from 'postal-mime'

/** An address as Mailpit's API writes it. */
export interface MailAddress {
  readonly Name: string
  readonly Address: string
  /** The address with its domain in its own script, where that deceives nobody. Absent: it is the same. */
  readonly Readable?: string
}

/** Addresses read from one header at most. The rest is left out. */
export const MAX_ADDRESSES = 100

/** The addresses of one header, groups opened, at most 100 of them. */
export function mailAddresses(parsed: readonly Address[] = []): MailAddress[] {
  const flat: MailAddress[] = []
  for (const entry of parsed) {
    for (const { name, address } of entry.group ?? [entry]) {
      if (flat.length === MAX_ADDRESSES) return flat
      flat.push({ Name: name, ...inBothForms(address) })
    }
  }
  return flat
}

/** Recipients of the SMTP envelope that no header names: blind copies. */
export function blindCopies(
  recipients: readonly string[],
  named: readonly (readonly MailAddress[])[],
): MailAddress[] {
  const known = new Set(named.flat().map(({ Address }) => keyOf(Address)))
  return recipients
    .filter((recipient) => !known.has(keyOf(recipient)))
    .map((address) => ({ Name: '', ...inBothForms(address) }))
}

function inBothForms(Address: string): Omit<MailAddress, 'Name'> {
  // Of what is no domain Node makes ''.
  const Readable = readableEmail(Address, (label) => domainToUnicode(label) || undefined)
  return Readable === Address ? { Address } : { Address, Readable }
}

/**
 * SMTP writes a local part such as `a..b` in quotes, and a header's reader opens them. A domain may stand in
 * Unicode in one place and in punycode in the other.
 */
function keyOf(address: string): string {
  const plain = address.replace(/^"([^"\\]*)"@/, '$1@')
  const at = plain.lastIndexOf('@') + 1
  const domain = plain.slice(at)
  return `${plain.slice(0, at)}${domainToASCII(domain) || domain}`.toLowerCase()
}

/** Names and addresses as one text, with domains as people write them and as mail servers do. */
export function searchText(addresses: readonly MailAddress[]): string {
  return addresses
    .map(({ Name, Address }) => {
      const at = Address.lastIndexOf('@') + 1
      const [local, domain] = [Address.slice(0, at), Address.slice(at)]
      const ascii = domainToASCII(domain) || domain
      const unicode = domainToUnicode(domain) || domain
      return ascii === unicode ? `${Name} ${Address}` : `${Name} ${local}${ascii} ${local}${unicode}`
    })
    .join(' ')
}
