import type { RelayAnswer } from './hand-over.ts'

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

// Replies to RCPT and DATA that blame our session or our set-up, not the address: syntax and order of commands (500 to 504), a
// wish for TLS or authentication (530 to 538; 5.7.8 to 5.7.14, RFC 5248), SPF, DKIM and reverse DNS of the sender (5.7.20 to
// 5.7.27, RFC 7372), and a server that does not relay for us.
const OUR_FAULT = /^(?:50[0-4]|53[0-8])|^5\d\d[ -]5\.7\.(?:[89]|1[0-4]|2[0-7])\b|\brelay/i

// What goes wrong before a mail is spoken of, and a server that says goodbye.
const BEFORE_THE_MAIL = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH|RSET)/

/**
 * Tells a refusal for good from a failure that passes. Only a 5xx to RCPT or DATA that is about the address or the mail is
 * `rejected`, because the gateway deletes the identity then; a fault of our own set-up must never do that. `serverFault`: the
 * next mail would fare no better. When we gave up ourselves (`aborted`), nothing is known about the server.
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
  const aboutTheMail = command === 'RCPT TO' || command === 'DATA'
  const forGood = responseCode >= 500 && responseCode < 600
  return {
    outcome: aboutTheMail && forGood && !OUR_FAULT.test(response) ? 'rejected' : 'deferred',
    reply: response,
    serverFault: responseCode === 421 || BEFORE_THE_MAIL.test(command ?? ''),
  }
}
