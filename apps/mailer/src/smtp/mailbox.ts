import { domainToASCII } from 'node:url'
import { toMailbox } from '@emailauth/contracts/email-address'
import addressparser from 'nodemailer/lib/addressparser'
import { displayName } from '../mime/display-name.ts'

/** A sender: the name that is shown, perhaps empty, and the address. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

// The local part may be beyond ASCII (RFC 6531), and its dots may stand anywhere: then it is quoted where it is written
// (toMailbox). What needs quotes for another reason and address literals are not written to: nobody's mailbox needs them,
// and each is a way to smuggle something into a header or an SMTP command.
const ADDRESS = /^[^\s\p{C}\p{Z}<>()[\]\\,;:"@]{1,64}@(?=.{1,255}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu

/** Whether mail can be sent to it: one address, its domain in ASCII (punycode), nothing that ends a header or a command. */
export function isMailable(address: string): boolean {
  return ADDRESS.test(address) && !domainOf(address).includes('..')
}

const EXAMPLE = 'emailauth <no-reply@example.com>'

/**
 * Reads `EMAILAUTH_MAIL_FROM`: `name <address>`, or the address alone; a domain beyond ASCII becomes punycode.
 * @throws {Error} with a sentence that tells the right form, also when the mails would show another name than is written.
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

/** Comments, groups and the like are dropped by the reader. */
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

/** A sender is ours to choose, so it needs no quotes, and every server can read it. */
function isSender(address: string): boolean {
  return isMailable(address) && toMailbox(address) === address && /^[\x21-\x7e]+$/.test(address)
}

/** The domain of a checked address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
