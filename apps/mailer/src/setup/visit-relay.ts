import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { boundReplies, openSocketOf } from '../smtp/nodemailer-internals.ts'
import { loginOf } from '../smtp/relay-auth.ts'
import { addressesOf, openSocket, type Resolve } from '../smtp/relay-socket.ts'
import type { SmtpServer } from '../smtp/smtp-url.ts'

/** What a relay said on a connection without a mail. */
export interface RelayVisit {
  readonly address: string
  readonly banner: string
  /** Undefined: the connection is not encrypted. */
  readonly tls: { readonly protocol: string; readonly certificateEndsAt: Date } | undefined
  readonly offersAuth: boolean
  /** Undefined: there are no credentials. */
  readonly signedIn: boolean | undefined
}

/** Bounds of a visit, in milliseconds. */
export const VISIT_TIMES = {
  connectMs: 10_000,
  /** Postscreen greets after six seconds, and a busy relay may take longer. */
  bannerMs: 30_000,
  /** Longer than the timeouts of greeting, TLS and sign-in together. */
  longestMs: 300_000,
}

/**
 * Connects to each address of a relay in turn until one opens, greets, starts TLS and signs in as for a mail,
 * and quits.
 * @param withinMs after this time nothing of it is left open
 * @throws {Error} in nodemailer's form: `code`, and `command` and `response` of what was refused
 */
export async function visitRelay(
  server: SmtpServer,
  withinMs = Number.POSITIVE_INFINITY,
  times = VISIT_TIMES,
  resolve?: Resolve,
): Promise<RelayVisit> {
  const { connectMs, bannerMs, longestMs } = times
  const until = performance.now() + withinMs
  const leftMs = () => Math.max(1, until - performance.now())
  let failure: unknown
  for (const address of await addressesOf(server, Math.min(connectMs, leftMs()), resolve)) {
    if (failure !== undefined && performance.now() >= until) break
    let socket: Socket
    try {
      socket = await openSocket(address, server.port, Math.min(connectMs, leftMs()))
    } catch (error) {
      failure = error
      continue
    }
    const timer = setTimeout(() => socket.destroy(), Math.min(leftMs(), longestMs))
    try {
      return await visit(address, socket, server, bannerMs)
    } finally {
      clearTimeout(timer)
    }
  }
  throw failure
}

async function visit(
  address: string,
  socket: Socket,
  server: SmtpServer,
  bannerMs: number,
): Promise<RelayVisit> {
  const { host, port, security, auth, clientName } = server
  let banner: string | undefined
  const silent = () => {}
  const connection = new SMTPConnection({
    host,
    port,
    ...(clientName === undefined ? {} : { name: clientName }),
    secure: security === 'tls',
    requireTLS: security === 'required',
    ignoreTLS: security === 'none',
    connectionTimeout: bannerMs,
    greetingTimeout: bannerMs,
    socketTimeout: bannerMs,
    connection: socket,
    // Only the log shows the first reply. It is kept here and goes nowhere.
    debug: true,
    logger: {
      level: silent,
      trace: silent,
      info: silent,
      warn: silent,
      error: silent,
      fatal: silent,
      debug(entry: { tnx?: string }, text: string) {
        if (entry.tnx === 'server') banner ??= text.split('\n')[0]?.trim()
      },
    },
  })
  boundReplies(connection, { bannerMs, commandMs: bannerMs })
  try {
    await new Promise<void>((opened, failed) => {
      connection.once('error', failed)
      connection.once('end', () => failed(Object.assign(new Error('closed'), { code: 'ECONNECTION' })))
      connection.connect((error) => (error === undefined ? opened() : failed(error)))
    })
    const { allowsAuth: offersAuth } = connection
    const open = openSocketOf(connection)
    const tls = open instanceof TLSSocket ? describeTls(open) : undefined
    if (auth !== undefined && offersAuth) {
      await new Promise<void>((done, failed) => {
        connection.once('error', failed)
        connection.login(loginOf(auth), (error) => (error === null ? done() : failed(error)))
      })
    }
    const signedIn = auth === undefined ? undefined : offersAuth
    return { address, banner: banner ?? '', tls, offersAuth, signedIn }
  } finally {
    connection.on('error', silent)
    connection.quit()
    const end = () => {
      connection.close()
      // nodemailer only ends its side, and would read on for as long as the relay sends.
      socket.destroy()
    }
    setTimeout(end, 1000).unref()
  }
}

function describeTls(socket: TLSSocket): RelayVisit['tls'] {
  const { valid_to: end } = socket.getPeerCertificate()
  return { protocol: socket.getProtocol() ?? 'TLS', certificateEndsAt: new Date(end) }
}
