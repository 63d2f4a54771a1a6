import type { RelayStatus } from '@emailauth/contracts/service-status'
import type { CutOff } from './cut-off.ts'
import type { RefusalClass } from './refusals/refusal-rules.ts'
import type { SmtpServer } from './smtp-url.ts'

/** A mail to hand to an SMTP server. */
export interface OutgoingMail {
  readonly from: string
  readonly to: string
  /** The whole message: lines end in CRLF, none begins with a dot, all is ASCII except these addresses. */
  readonly raw: string
  /** Cancels the hand-over. */
  readonly cutOff: CutOff
  /** The tenant's own server. No other one is tried then. */
  readonly own?: SmtpServer | undefined
}

/**
 * The result of a hand-over. `reply` is the server's text, or why there is none.
 * sent: the server answered 250 and owns the mail now. rejected: its reply says that nobody reads this
 * mailbox.
 * deferred: everything else, so a later try makes sense. After a lost connection the server may still have
 * the mail.
 */
export interface HandOver {
  readonly outcome: 'sent' | 'rejected' | 'deferred'
  readonly reply: string
  /** Host and port of the server that gave it. Absent when no server was asked. */
  readonly relay?: string | undefined
  /** The relay has the whole message, but we stopped waiting for its reply. It may still deliver it. */
  readonly unanswered?: boolean | undefined
}

/** One server's answer to a mail. */
export interface RelayAnswer {
  /** `unfit`: this server cannot handle the address, but another one may. */
  readonly outcome: HandOver['outcome'] | 'unfit'
  readonly reply: string
  /** Class of the refusal, if the server refused. */
  readonly refusal?: RefusalClass
  /** The server or the connection failed, not this mail. */
  readonly serverFault: boolean
  /** The server was not asked, so this says nothing about it. */
  readonly isUnasked?: boolean
  /** The whole mail was written without a reply. The server may have it. */
  readonly maybeSent: boolean
  /** The same, but we stopped waiting. */
  readonly unanswered?: boolean
}

/** Sends mails through the SMTP servers. */
export interface Smtp {
  /** Never throws: a failure is a result. */
  handOver(mail: OutgoingMail): Promise<HandOver>
  /** How the installation's relays stand now. */
  status(): readonly RelayStatus[]
  /** Sends QUIT to the servers. Call it after all hand-overs have ended. */
  close(): void
}
