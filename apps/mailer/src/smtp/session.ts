import type { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { loginOf } from './relay-auth.ts'
import { addressesOf, openSocket, type Resolve, resolveAll } from './relay-socket.ts'
import type { SmtpServer } from './smtp-url.ts'
import type { Timeouts } from './timeouts.ts'
import { createTransfer, type Transfer } from './transfer.ts'

/** One open connection to a relay. */
export interface SmtpSession extends Transfer {
  /** The relay takes addresses beyond ASCII (RFC 6531). */
  readonly takesUtf8: boolean
}

export interface SessionOptions {
  readonly timeouts: Timeouts
  /** Whether a message's commands may leave together, now. */
  readonly mayPipeline: () => boolean
  /** A group of commands without a reply for so long is taken for one that the relay does not understand. */
  readonly groupSilenceMs: number
  readonly resolve?: Resolve | undefined
}

/** An address that does not greet in this time is left for the next one, if the relay has another. */
const BANNER_WITH_OTHERS_MS = 15_000

/**
 * Opens a session at the first of the relay's addresses that gives one. nodemailer greets, starts TLS and signs in; the messages then
 * go over its socket.
 * @throws {Error} of the last address, with the fields of an `SmtpFailure`
 */
export async function openSession(server: SmtpServer, options: SessionOptions): Promise<SmtpSession> {
  const { timeouts, resolve = resolveAll } = options
  const addresses = await addressesOf(server, timeouts.connectMs, resolve)
  let failure: unknown
  for (const [i, address] of addresses.entries()) {
    const isLast = i === addresses.length - 1
    const bannerMs = isLast ? timeouts.bannerMs : Math.min(timeouts.bannerMs, BANNER_WITH_OTHERS_MS)
    try {
      return await openAt(address, server, { ...options, timeouts: { ...timeouts, bannerMs } })
    } catch (error) {
      failure = error
      // Another address would refuse the same credentials.
      if (/^AUTH/.test((error as { command?: string }).command ?? '')) break
    }
  }
  throw failure
}

async function openAt(address: string, server: SmtpServer, options: SessionOptions): Promise<SmtpSession> {
  const { host, port, security, auth } = server
  const { connectMs, bannerMs, commandMs } = options.timeouts
  const connection = new SMTPConnection({
    host,
    port,
    ...(server.clientName === undefined ? {} : { name: server.clientName }),
    secure: security === 'tls',
    requireTLS: security === 'required',
    ignoreTLS: security === 'none',
    // From the open socket to the end of a TLS handshake.
    connectionTimeout: bannerMs + commandMs,
    greetingTimeout: bannerMs,
    socketTimeout: Math.max(bannerMs, commandMs),
    connection: await openSocket(address, port, connectMs),
  })
  try {
    await new Promise<void>((opened, failed) => {
      connection.once('error', failed)
      // Without a word, as a relay does that has no room for a connection.
      connection.once('end', () => failed(gone()))
      connection.connect((error) => (error === undefined ? opened() : failed(error)))
    })
    // Its errors reach whoever waits for a send; one in an idle connection only closes it.
    connection.on('error', () => {})
    const offers = connection.lastServerResponse || ''
    const takesUtf8 = /[ -]SMTPUTF8\b/i.test(offers)
    const offersPipelining = /[ -]PIPELINING\b/i.test(offers)
    if (auth !== undefined) await signIn(connection, auth)
    const transfer = createTransfer(socketOf(connection), {
      timeouts: options.timeouts,
      groupSilenceMs: options.groupSilenceMs,
      mayPipeline: () => offersPipelining && options.mayPipeline(),
    })
    return Object.assign(transfer, { takesUtf8 })
  } catch (error) {
    connection.on('error', () => {})
    connection.close()
    throw error
  }
}

function signIn(connection: SMTPConnection, auth: NonNullable<SmtpServer['auth']>): Promise<void> {
  return new Promise((done, failed) => {
    connection.once('error', failed)
    connection.login(loginOf(auth), (error) => (error === null ? done() : failed(error)))
  })
}

/** From here on we read from the socket and watch its time. nodemailer goes on closing it when it fails. */
function socketOf({ _socket: socket }: SMTPConnection): Socket {
  if (!socket || socket.destroyed) throw gone()
  return socket.removeAllListeners('data').removeAllListeners('timeout')
}

function gone() {
  return Object.assign(new Error('The connection is gone.'), { code: 'ECONNECTION', command: 'CONN' })
}
