import type { Socket } from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'

// nodemailer greets, starts TLS and signs in, and then has no public way to hand its socket on. Everything
// that uses more than its documented interface is in this file, and a test fails when an update changes it.

/** The server's reply to EHLO, with the extensions it offers. */
export function offersOf(connection: SMTPConnection): string {
  return connection.lastServerResponse || ''
}

/** The socket, which stays nodemailer's: its TLS session and certificate can be read. */
export function openSocketOf({ _socket: socket }: SMTPConnection): Socket | undefined {
  return socket || undefined
}

/**
 * Takes over the socket: from now on we read it and watch its timeouts. nodemailer still closes it on errors.
 * Undefined when it is closed already.
 */
export function takeSocket({ _socket: socket }: SMTPConnection): Socket | undefined {
  if (!socket || socket.destroyed) return undefined
  return socket.removeAllListeners('data').removeAllListeners('timeout')
}
