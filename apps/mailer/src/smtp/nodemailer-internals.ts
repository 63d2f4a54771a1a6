import type { Socket } from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Timeouts } from './timeouts.ts'

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

/** Most bytes of all replies before the first mail. Greeting, EHLO and sign-in take some hundreds. */
const MOST_BYTES = 16 * 1024

/** Most replies between greeting and first mail: EHLO twice, STARTTLS, and three steps of AUTH. */
const MOST_REPLIES = 6

/** What {@link boundReplies} uses. */
interface Reading {
  _onData(chunk: Buffer): void
  _onError(error: Error, code: string, response: false, command: string): void
}

/**
 * Fails a connection whose relay sends more than {@link MOST_BYTES} before the first mail, or takes longer
 * than all these replies may. nodemailer keeps a reply without an end, and its time-out starts again with
 * each byte.
 */
export function boundReplies(
  connection: SMTPConnection,
  { bannerMs, commandMs }: Pick<Timeouts, 'bannerMs' | 'commandMs'>,
): void {
  const reading = connection as unknown as Reading
  const read = reading._onData.bind(connection)
  const fail = (code: string, why: string) => reading._onError(new Error(why), code, false, 'CONN')
  const untilMs = performance.now() + bannerMs + MOST_REPLIES * commandMs
  let bytes = 0
  reading._onData = (chunk) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) fail('EPROTOCOL', 'The replies of the relay are too long.')
    else if (performance.now() > untilMs) fail('ETIMEDOUT', 'The replies of the relay take too long.')
    else read(chunk)
  }
}
