import { hostname } from 'node:os'
import { domainOf, type Mailbox } from '../mime/mailbox.ts'

const NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
/** Contains a dot, as relays want it, and belongs to nobody. */
const NOBODYS_NAME = 'localhost.localdomain'

/**
 * Reads `EMAILAUTH_SMTP_NAME`.
 * @throws {Error} with a sentence that shows the right form.
 */
export function parseClientName(text: string): string {
  if (!NAME.test(text) || /^[\d.]+$/.test(text)) {
    throw new Error(
      'must be a host name with a dot, such as mail.example.com: the one that our address resolves to',
    )
  }
  return text.toLowerCase()
}

/** Our default name in EHLO: this host's if it has a dot, else the sender's domain. */
export function defaultClientName(from: Mailbox, host = hostname()): string {
  const names = [host, domainOf(from.address)]
  return names.find((name) => NAME.test(name) && !/^[\d.]+$/.test(name))?.toLowerCase() ?? NOBODYS_NAME
}
