import type { RelayAnswer } from './hand-over.ts'
import { classifyReply } from './refusals/classify-reply.ts'

/** What went wrong in an SMTP session; nodemailer's errors have this form too. */
export interface SmtpFailure {
  /** What kept the server from replying. */
  readonly code?: string | undefined
  /** What the server refused, and how. */
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

/** Said instead of an SMTP reply when there was none. */
const WITHOUT_REPLY: Readonly<Record<string, string>> = {
  EDNS: "The SMTP server's name cannot be resolved.",
  ECONNECTION: 'The SMTP server closed the connection.',
  ESOCKET: 'The SMTP server cannot be reached.',
  ETIMEDOUT: 'The SMTP server did not answer in time.',
  ETLS: 'The SMTP server and we could not agree on TLS.',
  EAUTH: 'The SMTP server did not accept the credentials.',
  ENOAUTH: 'The SMTP server wants credentials.',
  EPRIVATE: 'The SMTP server has no public address, and others are not allowed.',
}

// What goes wrong before a mail is spoken of, and a server that says goodbye.
const BEFORE_THE_MAIL = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH|RSET)/

/**
 * Tells a refusal for good from a failure that passes. `rejected` only when the reply is positive evidence that nobody reads the
 * recipient's mailbox, because the gateway deletes the identity then. `serverFault`: the next mail would fare no better. When we gave
 * up ourselves (`aborted`), nothing is known about the relay.
 */
export function classifyFailure(error: SmtpFailure, aborted = false): Omit<RelayAnswer, 'maybeSent'> {
  const { command, responseCode, response } = error
  if (aborted) {
    return { outcome: 'deferred', reply: 'The SMTP server did not finish in time.', serverFault: false }
  }
  if (response === undefined || responseCode === undefined) {
    const reply = WITHOUT_REPLY[error.code ?? ''] ?? 'The SMTP session failed.'
    return { outcome: 'deferred', reply, serverFault: true }
  }
  const refusal = classifyReply({ command, code: responseCode, text: response })
  return {
    outcome: refusal === 'recipient' ? 'rejected' : 'deferred',
    reply: response,
    refusal,
    serverFault: responseCode === 421 || BEFORE_THE_MAIL.test(command ?? ''),
  }
}
