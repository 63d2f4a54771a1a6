import { isAboutCertificate } from '@emailauth/redis/certificate-fault'
import type { RelayAnswer } from './hand-over.ts'
import { classifyReply } from './refusals/classify-reply.ts'

/** A failure of an SMTP session. nodemailer's errors have this shape too. */
export interface SmtpFailure {
  /** Why the server did not reply. */
  readonly code?: string | undefined
  /** In the words of Node, with names and addresses. */
  readonly message?: string | undefined
  /** The refused command and the server's reply. */
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

/** What an error says of the session. One of another kind says nothing, and counts as a failed session. */
export function smtpFailureOf(error: unknown): SmtpFailure {
  return typeof error === 'object' && error !== null ? error : {}
}

/** Text shown instead of an SMTP reply when there was none. */
const WITHOUT_REPLY: Readonly<Record<string, string>> = {
  EDNS: "The SMTP server's name cannot be resolved.",
  EUNREACHABLE: 'The SMTP server cannot be reached.',
  ECONNECTION: 'The SMTP server closed the connection.',
  ESOCKET: 'The SMTP server closed the connection.',
  ETIMEDOUT: 'The SMTP server did not answer in time.',
  EPROTOCOL: 'The SMTP server answered with what is no reply of SMTP.',
  ETLS: 'The SMTP server and we could not agree on TLS.',
  EAUTH: 'The SMTP server did not accept the credentials.',
  ENOAUTH: 'The SMTP server wants credentials.',
  EPRIVATE: 'The SMTP server has no public address, and others are not allowed.',
}

export function hasExpired({ message = '' }: SmtpFailure): boolean {
  return /certificate has expired/i.test(message)
}

/** OpenSSL's error, as in `…:SSL routines::unsupported protocol:…`. Its reason comes before the file. */
const OPENSSL = /SSL routines:[^:]*:([^:]+)/
/** The server ended the connection in the handshake. */
const CUT_IN_HANDSHAKE = /before secure TLS connection/i

/**
 * Why a TLS handshake failed, in a few words, and '' if nothing says it. undefined: TLS did not fail. After
 * STARTTLS nodemailer gives such errors the code of every broken connection, so the words are all there is.
 */
export function tlsFault({ code, message = '' }: SmtpFailure): string | undefined {
  const reason = OPENSSL.exec(message)?.[1]
  if (reason !== undefined) return reason
  if (CUT_IN_HANDSHAKE.test(message)) return 'the server ended the handshake'
  return code === 'ETLS' ? '' : undefined
}

function withoutReply(error: SmtpFailure): string {
  if (hasExpired(error)) return "The SMTP server's certificate has expired."
  if (isAboutCertificate(error.message ?? '')) return "The SMTP server's certificate is not trusted."
  const tls = tlsFault(error)
  if (tls) return `The SMTP server and we could not agree on TLS: ${tls}.`
  return WITHOUT_REPLY[error.code ?? ''] ?? 'The SMTP session failed.'
}

// Failures before the mail's own commands, and a 421.
const BEFORE_THE_MAIL = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH|RSET)/

/**
 * Separates final refusals from temporary failures. `rejected` needs positive evidence that nobody reads the
 * mailbox, because the gateway then deletes the identity.
 * `serverFault`: the next mail would fail too. If we gave up ourselves (`aborted`), nothing is known about
 * the relay.
 */
export function classifyFailure(error: SmtpFailure, aborted = false): Omit<RelayAnswer, 'maybeSent'> {
  const { command, responseCode, response } = error
  if (aborted) {
    return { outcome: 'deferred', reply: 'The SMTP server did not finish in time.', serverFault: false }
  }
  if (response === undefined || responseCode === undefined) {
    return { outcome: 'deferred', reply: withoutReply(error), serverFault: true }
  }
  const refusal = classifyReply({ command, code: responseCode, text: response })
  return {
    outcome: refusal === 'recipient' ? 'rejected' : 'deferred',
    reply: response,
    refusal,
    serverFault: responseCode === 421 || BEFORE_THE_MAIL.test(command ?? ''),
  }
}
