import { domainToASCII } from 'node:url'
import { toMailbox } from '@emailauth/contracts/email-address'
import addressparser from 'nodemailer/lib/addressparser'
import { displayName } from './display-name.ts'

/** A sender: display name, perhaps empty, and address. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

// The local part may be beyond ASCII (RFC 6531) and have dots anywhere. toMailbox quotes such a part.
// Addresses that need quotes for other reasons and address literals are refused. No real mailbox needs them,
// and each could smuggle text into a header or an SMTP command.
const ADDRESS = /^[^\s\p{C}\p{Z}<>()[\]\\,;:"@]{1,64}@(?=.{1,255}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu

/**
 * Whether mail can be sent to this address: one address, ASCII domain (punycode), nothing that ends a header
 * or a command.
 */
export function isMailable(address: string): boolean {
  return ADDRESS.test(address) && !domainOf(address).includes('..')
}

const EXAMPLE = 'emailauth <no-reply@example.com>'

/**
 * Reads `EMAILAUTH_MAIL_FROM`: `name <address>` or the address alone. A domain beyond ASCII becomes punycode.
 * @throws {Error} with a sentence that shows the right form, also when mails would show another name than
 * given.
 */
export function parseMailbox(text: string): Mailbox {
  const [first, ...others] = /\p{Cc}/u.test(text) ? [] : addressparser(text, { flatten: true })
  const address = first === undefined ? '' : inAscii(first.address)
  if (first === undefined || others.length > 0 || !isSender(address)) {
    throw new Error(
      `must be one sender on one line, its address in ASCII before the "@", such as: ${EXAMPLE}`,
    )
  }
  if (!isAsWritten(text, first)) {
    throw new Error(
      `must be one sender whose name is in double quotes if it has signs, such as: "Acme (prod)" <no-reply@example.com>`,
    )
  }
  return { name: first.name, address }
}

/** The parser drops comments, groups and the like, so the result may differ from the input. */
function isAsWritten(text: string, read: { readonly name: string; readonly address: string }): boolean {
  const [, name = '', address = text.trim()] = /^(.*)<([^<>]*)>\s*$/s.exec(text) ?? []
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/s.exec(name.trim()) ?? []
  const written = quoted === undefined ? name.trim() : quoted.replace(/\\(.)/g, '$1')
  const shown = displayName(read.name)
  return read.name === written && shown === read.name && read.address === address.trim()
}

function inAscii(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1))
  return domain === '' ? address : `${address.slice(0, at)}@${domain}`
}

/** The operator chooses the sender, so it must be readable by every server, without quotes. */
function isSender(address: string): boolean {
  return isMailable(address) && toMailbox(address) === address && /^[\x21-\x7e]+$/.test(address)
}

/** The domain of a checked address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
