import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { byLuck, noteFailure, noteSuccess } from './failed-addresses.ts'
import { type SmtpFailure, smtpFailureOf } from './failure.ts'
import { boundReplies, offersOf, takeSocket } from './nodemailer-internals.ts'
import { loginOf, renewToken } from './relay-auth.ts'
import { addressesOf, openSocket, type Resolve } from './relay-socket.ts'
import type { SmtpServer } from './smtp-url.ts'
import type { Timeouts } from './timeouts.ts'
import { createTransfer, type Transfer } from './transfer.ts'

/** One open connection to a relay. */
export interface SmtpSession extends Transfer {
  /** The relay accepts addresses beyond ASCII (RFC 6531). */
  readonly takesUtf8: boolean
}

export interface SessionOptions {
  readonly timeouts: Timeouts
  /** Whether a message's commands may be sent as a group now. */
  readonly mayPipeline: () => boolean
  /** Whether a message may be one write now, by BDAT. */
  readonly mayChunk: () => boolean
  /** When a group of commands gets no reply for this long, the relay counts as unable to pipeline. */
  readonly groupSilenceMs: number
  readonly resolve?: Resolve | undefined
}

/**
 * Timeouts of an address while the relay has others. A host without IPv6 may get an address of it first, and
 * of many addresses all but one may be dead.
 */
export const WITH_OTHERS = { connectMs: 3000, bannerMs: 15_000 }

/**
 * Opens a session at the first working address of the relay. nodemailer greets, starts TLS and signs in.
 * Messages then use its socket directly.
 * @throws {Error} of the last address, with the fields of an `SmtpFailure`
 */
export async function openSession(server: SmtpServer, options: SessionOptions): Promise<SmtpSession> {
  const { timeouts, resolve } = options
  const addresses = byLuck(server, await addressesOf(server, timeouts.connectMs, resolve))
  let failure: unknown
  for (const [i, address] of addresses.entries()) {
    const isLast = i === addresses.length - 1
    const given = isLast ? timeouts : shortened(timeouts)
    const open = () => openAt(address, server, { ...options, timeouts: given })
    const beganAtMs = performance.now()
    try {
      const session = await open()
      noteSuccess(server, address)
      return session
    } catch (error) {
      failure = error
      const failed = smtpFailureOf(error)
      if (!isSignIn(failed)) {
        noteFailure(server, address)
        continue
      }
      if (wasRefused(failed) && server.auth && renewToken(server.auth, beganAtMs)) return open()
      // Another address would refuse the same credentials.
      break
    }
  }
  throw failure
}

function shortened(timeouts: Timeouts): Timeouts {
  const { connectMs, bannerMs } = timeouts
  return {
    ...timeouts,
    connectMs: Math.min(connectMs, WITH_OTHERS.connectMs),
    bannerMs: Math.min(bannerMs, WITH_OTHERS.bannerMs),
  }
}

const isSignIn = ({ command }: SmtpFailure) => /^AUTH/.test(command ?? '')
const wasRefused = ({ responseCode }: SmtpFailure) => (responseCode ?? 0) >= 500

async function openAt(address: string, server: SmtpServer, options: SessionOptions): Promise<SmtpSession> {
  const { host, port, security, auth } = server
  const { connectMs, bannerMs, commandMs } = options.timeouts
  const raw = await openSocket(address, port, connectMs)
  const connection = new SMTPConnection({
    host,
    port,
    ...(server.clientName === undefined ? {} : { name: server.clientName }),
    secure: security === 'tls',
    requireTLS: security === 'required',
    ignoreTLS: security === 'none',
    // From the open socket to the end of the TLS handshake.
    connectionTimeout: bannerMs + commandMs,
    greetingTimeout: bannerMs,
    socketTimeout: Math.max(bannerMs, commandMs),
    connection: raw,
  })
  boundReplies(connection, { bannerMs, commandMs })
  try {
    await new Promise<void>((opened, failed) => {
      connection.once('error', failed)
      // A relay without room for a connection closes it silently.
      connection.once('end', () => failed(gone()))
      connection.connect((error) => (error === undefined ? opened() : failed(error)))
    })
    // The current send gets these errors. On an idle connection an error only closes it.
    connection.on('error', () => {})
    const offers = offersOf(connection)
    const takesUtf8 = /[ -]SMTPUTF8\b/i.test(offers)
    const offersPipelining = /[ -]PIPELINING\b/i.test(offers)
    const offersChunking = /[ -]CHUNKING\b/i.test(offers)
    if (auth !== undefined) await signIn(connection, auth)
    const socket = takeSocket(connection)
    if (socket === undefined) throw gone()
    const transfer = createTransfer(socket, {
      timeouts: options.timeouts,
      groupSilenceMs: options.groupSilenceMs,
      mayPipeline: () => offersPipelining && options.mayPipeline(),
      mayChunk: () => offersChunking && options.mayChunk(),
    })
    return Object.assign(transfer, { takesUtf8 })
  } catch (error) {
    connection.on('error', () => {})
    connection.close()
    // nodemailer only ends its side, and would read on for as long as the relay sends.
    raw.destroy()
    throw error
  }
}

function signIn(connection: SMTPConnection, auth: NonNullable<SmtpServer['auth']>): Promise<void> {
  return new Promise((done, failed) => {
    connection.once('error', failed)
    connection.login(loginOf(auth), (error) => (error === null ? done() : failed(error)))
  })
}

function gone() {
  return Object.assign(new Error('The connection is gone.'), { code: 'ECONNECTION', command: 'CONN' })
}
