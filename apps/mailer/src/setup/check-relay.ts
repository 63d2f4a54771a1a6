import { isLoopback } from '@emailauth/contracts/loopback'
import { isAboutCertificate } from '@emailauth/redis/certificate-fault'
import { hasExpired, type SmtpFailure, smtpFailureOf, tlsFault } from '../smtp/failure.ts'
import type { Resolve } from '../smtp/relay-socket.ts'
import { relayName, type SmtpServer } from '../smtp/smtp-url.ts'
import { withoutSignIn } from '../smtp/without-secrets.ts'
import { fail, type MailFinding, ok, warn } from './finding.ts'
import { type RelayVisit, type VISIT_TIMES, visitRelay } from './visit-relay.ts'

const NAME = 'Relay'
/** A certificate that ends so soon is worth a warning. */
const ENDS_SOON_MS = 14 * 24 * 3_600_000

interface CheckOptions {
  readonly withinMs?: number
  /** Unix milliseconds. */
  readonly now?: number
  readonly times?: typeof VISIT_TIMES
  readonly resolve?: Resolve
}

/** Connects to a relay as the mailer does, without a mail. */
export async function checkRelay(
  server: SmtpServer,
  { withinMs, now = Date.now(), times, resolve }: CheckOptions = {},
): Promise<MailFinding> {
  const at = relayName(server)
  try {
    return judged(at, server, await visitRelay(server, withinMs, times, resolve), now)
  } catch (error) {
    return refused(at, server, smtpFailureOf(error), error instanceof Error ? error.message : '')
  }
}

function judged(at: string, server: SmtpServer, visit: RelayVisit, now: number): MailFinding {
  const { address, banner, tls, offersAuth, signedIn } = visit
  const said = [
    `${at} at ${address} greets with "${banner}" and knows us as ${server.clientName ?? 'this host'}`,
    tls === undefined
      ? 'not encrypted'
      : `${tls.protocol}, certificate until ${tls.certificateEndsAt.toISOString().slice(0, 10)}`,
    signedIn === true ? 'credentials accepted' : offersAuth ? 'offers AUTH' : 'no AUTH offered',
  ].join('; ')
  if (signedIn === false) {
    const fix = `Take user and password out of EMAILAUTH_SMTP_URL, or use a port where ${server.host} offers AUTH (587 or 465)${tls === undefined ? ', with ?starttls=required' : ''}.`
    return fail(NAME, `${said}, although there are credentials`, fix)
  }
  if (tls === undefined && !isLoopback(address)) {
    return warn(NAME, `${said}: mails can be read on the way`, 'Use smtps://, or ?starttls=required.')
  }
  if (tls !== undefined && tls.certificateEndsAt.getTime() - now < ENDS_SOON_MS) {
    return warn(NAME, said, `Renew the certificate of ${server.host}; afterwards nothing is sent to it.`)
  }
  if (signedIn === undefined && offersAuth) {
    const fix = `If it refuses mails, set user and password: smtp://user:password@${at}`
    return warn(NAME, `${said}, and there are no credentials`, fix)
  }
  return ok(NAME, said)
}

/** Who did not answer in time, and what to do: the name servers, the host, or the relay behind its port. */
function silence(host: string, port: number, message: string): [detail: string, fix: string] {
  if (message.includes('resolved'))
    return ['has no address: the name servers do not answer', 'Repair the name servers of this host.']
  if (message.includes('connecting'))
    return [
      'does not answer',
      `Let port ${port} to ${host} through the firewall; many networks close port 25.`,
    ]
  return [
    'accepts the connection and then says nothing',
    'Ask its operator whether it is overloaded; on port 465 it speaks only TLS, so use smtps://.',
  ]
}

function refused(
  at: string,
  { host, port, security, auth }: SmtpServer,
  { code, command = '', response = '' }: SmtpFailure,
  message: string,
): MailFinding {
  const reply = withoutSignIn(response.trim(), auth)
  const broken = (detail: string, fix: string) => fail(NAME, `${at} ${detail}`, fix)
  if (code === 'EDNS')
    return broken('has no address: the name cannot be resolved', 'Correct the host in EMAILAUTH_SMTP_URL.')
  if (code === 'EPRIVATE')
    return broken(
      'is not at a public address',
      'Use a host on the Internet, or EMAILAUTH_ALLOW_PRIVATE_SMTP.',
    )
  if (hasExpired({ message })) {
    return broken(
      'shows a certificate that has expired',
      'Its operator must renew it; is the clock right here?',
    )
  }
  if (isAboutCertificate(message)) {
    return broken(
      `shows a certificate that is not trusted: ${message}`,
      'Use the host name that the certificate is for, or trust its authority with NODE_EXTRA_CA_CERTS.',
    )
  }
  if (command.startsWith('AUTH') || code === 'EAUTH') {
    return broken(
      `does not accept the credentials: ${reply || message}`,
      'Correct user and password (percent-encoded) in EMAILAUTH_SMTP_URL.',
    )
  }
  if (command === 'STARTTLS' || (security === 'required' && code === 'ETLS')) {
    return broken(
      `gives no STARTTLS: ${reply || message}`,
      'Use smtps:// with port 465, or a port with STARTTLS; ?starttls=offered sends in the clear.',
    )
  }
  const tls = tlsFault({ code, message })
  if (tls !== undefined) {
    return broken(
      `and we could not agree on TLS: ${tls || message}`,
      /wrong version|packet length/.test(tls)
        ? 'Use smtp:// on ports 25 and 587, smtps:// on port 465.'
        : 'Its operator must offer TLS 1.2 or later, and the reason is in its log.',
    )
  }
  if (reply !== '') {
    const fix = /^[EH]E?LO/.test(command)
      ? 'Set EMAILAUTH_SMTP_NAME to the name that our address resolves to.'
      : "Ask the relay's operator why this host's address is refused."
    return broken(`refuses the session: ${reply}`, fix)
  }
  if (code === 'EUNREACHABLE') {
    return broken(
      'cannot be reached',
      `Start the server, or let port ${port} to ${host} through the firewall.`,
    )
  }
  if (code === 'ETIMEDOUT') return broken(...silence(host, port, message))
  return broken(
    `closes the connection: ${message}`,
    "Ask the relay's operator whether this host's address is blocked.",
  )
}
