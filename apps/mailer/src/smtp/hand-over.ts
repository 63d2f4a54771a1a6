import type { CutOff } from './cut-off.ts'
import type { RefusalClass } from './refusals/refusal-rules.ts'
import type { SmtpServer } from './smtp-url.ts'

/** A mail on its way to an SMTP server. */
export interface OutgoingMail {
  readonly from: string
  readonly to: string
  /** The whole message, headers and bodies: lines that end in CRLF, with their dots doubled, and ASCII save for these two addresses. */
  readonly raw: string
  /** Gives up when it is cut. */
  readonly cutOff: CutOff
  /** The tenant's own server; then no other one is tried. */
  readonly own?: SmtpServer | undefined
}

/**
 * How a hand-over ended. `reply` is what the server said, or what kept it from saying anything.
 *
 * sent: the server answered 250, the mail is its own now. rejected: its reply says that nobody reads this mailbox. deferred:
 * anything else, so trying again later makes sense; after a lost connection the server may have the mail all the same.
 */
export interface HandOver {
  readonly outcome: 'sent' | 'rejected' | 'deferred'
  readonly reply: string
  /** The relay had the whole message and we stopped waiting for its reply: it may deliver it still. */
  readonly unanswered?: boolean
}

/** How one server took a mail. */
export interface RelayAnswer {
  /** `unfit`: this server cannot take such an address, another one may. */
  readonly outcome: HandOver['outcome'] | 'unfit'
  readonly reply: string
  /** What the server refused, when it did. */
  readonly refusal?: RefusalClass
  /** The server or the way to it is at fault, not this mail. */
  readonly serverFault: boolean
  /** The whole mail was written and no reply came: the server may have it. */
  readonly maybeSent: boolean
  /** The same, and it was us who stopped waiting. */
  readonly unanswered?: boolean
}

/** The way out to the SMTP servers. */
export interface Smtp {
  /** Never throws: a failure is an outcome. */
  handOver(mail: OutgoingMail): Promise<HandOver>
  /** Says goodbye to the servers. What is still being handed over must have ended. */
  close(): void
}
