import { toMailbox } from '@emailauth/contracts/email-address'
import addressparser from 'nodemailer/lib/addressparser'

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

/**
 * Reads `EMAILAUTH_MAIL_FROM`: `name <address>`, or the address alone.
 * @throws {Error} with a sentence that tells the right form.
 */
export function parseMailbox(text: string): Mailbox {
  const [first, ...others] = /\p{Cc}/u.test(text) ? [] : addressparser(text, { flatten: true })
  if (first === undefined || others.length > 0 || !isSender(first.address)) {
    throw new Error('must be one sender on one line, such as: emailauth <no-reply@example.com>')
  }
  return { name: first.name, address: first.address }
}

/** A sender is ours to choose, so it needs no quotes. */
function isSender(address: string): boolean {
  return isMailable(address) && toMailbox(address) === address
}

/** The domain of a checked address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
