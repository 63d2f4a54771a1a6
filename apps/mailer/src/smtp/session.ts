import type { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { openPublicSocket } from './relay-socket.ts'
import type { SmtpServer } from './smtp-url.ts'
import { createTransfer, type Transfer } from './transfer.ts'

/** Bounds of every wait in a session. */
export interface SessionLimits {
  readonly connectionTimeoutMs: number
  readonly greetingTimeoutMs: number
  readonly socketTimeoutMs: number
}

/** One open connection to an SMTP server. */
export interface SmtpSession extends Transfer {
  /** The server takes addresses beyond ASCII (RFC 6531). */
  readonly takesUtf8: boolean
}

/**
 * Opens a session: nodemailer connects, greets, starts TLS and signs in; the mails then go over its socket.
 * @throws {Error} of nodemailer, with the fields of an `SmtpFailure`
 */
export async function openSession(server: SmtpServer, limits: SessionLimits): Promise<SmtpSession> {
  const { host, port, security, auth } = server
  const connection = new SMTPConnection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'required',
    ignoreTLS: security === 'none',
    connectionTimeout: limits.connectionTimeoutMs,
    greetingTimeout: limits.greetingTimeoutMs,
    socketTimeout: limits.socketTimeoutMs,
    dnsTimeout: limits.connectionTimeoutMs,
    ...(server.publicOnly === true
      ? { connection: await openPublicSocket(host, port, limits.connectionTimeoutMs) }
      : {}),
  })
  try {
    await new Promise<void>((opened, failed) => {
      connection.once('error', failed)
      connection.connect((error) => (error === undefined ? opened() : failed(error)))
    })
    // Its errors reach whoever waits for a send; one in an idle connection only closes it.
    connection.on('error', () => {})
    const offers = connection.lastServerResponse || ''
    const takesUtf8 = /[ -]SMTPUTF8\b/i.test(offers)
    const pipelining = /[ -]PIPELINING\b/i.test(offers)
    if (auth !== undefined) await signIn(connection, auth)
    return Object.assign(createTransfer(socketOf(connection), pipelining), { takesUtf8 })
  } catch (error) {
    connection.on('error', () => {})
    connection.close()
    throw error
  }
}

function signIn(connection: SMTPConnection, auth: NonNullable<SmtpServer['auth']>): Promise<void> {
  return new Promise((done, failed) => {
    connection.once('error', failed)
    connection.login({ ...auth }, (error) => (error === null ? done() : failed(error)))
  })
}

/** From here on we read from the socket. nodemailer goes on closing it when it fails or falls silent. */
function socketOf({ _socket: socket }: SMTPConnection): Socket {
  if (!socket || socket.destroyed) {
    throw Object.assign(new Error('The connection is gone.'), { code: 'ECONNECTION', command: 'CONN' })
  }
  return socket.removeAllListeners('data')
}
