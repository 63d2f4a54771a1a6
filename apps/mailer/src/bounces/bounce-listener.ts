import { once } from 'node:events'
import type { Socket } from 'node:net'
import { clientNetwork } from '@emailauth/contracts/client-network'
import { createClientRate } from '@emailauth/service/http/client-rate'
import { portOf } from '@emailauth/service/http/port-of'
import type { Logger } from '@emailauth/service/logging/logger'
import type { TlsMaterial, TlsSource } from '@emailauth/service/network/tls'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { isBounceRecipient } from '../message-tokens/return-path.ts'
import { domainOf } from '../mime/mailbox.ts'
import type { BounceEndpoint } from './bounce-listen.ts'
import { DSN_MAX_BYTES } from './parse-report.ts'
import type { TakeReport } from './take-report.ts'

/** Open connections at most. Further ones are answered 421. */
export const MAX_CONNECTIONS = 50
/** Of one client (IPv6: /64), so that no stranger holds all of them. */
export const MAX_CONNECTIONS_OF_ONE = 25
/**
 * Recipients of one report at most, because a report has one return path, seldom a few. More are answered
 * 452.
 */
export const MAX_RECIPIENTS = 10
/** Reports of one client in a minute. More are answered 450, and the mail server tries again. */
export const REPORT_RATE = { most: 600, windowMs: 60_000 } as const
/** A silent connection is closed after this, and any other after the second. */
export const CONNECTION_TIMES = { idleMs: 60_000, sessionMs: 600_000 } as const
/** On closing, open connections may run this long. */
const CLOSE_GRACE_MS = 2000

export interface BounceListenerOptions {
  readonly endpoint: BounceEndpoint
  readonly bounceAddress: string
  readonly takeReport: TakeReport
  /** With it the listener offers STARTTLS. */
  readonly tls?: TlsSource | undefined
  readonly logger?: Logger | undefined
  readonly times?: { readonly idleMs: number; readonly sessionMs: number }
  /** Unix milliseconds. */
  readonly now: () => number
}

export interface BounceListener {
  readonly port: number
  close(): Promise<void>
}

/**
 * Takes reports of failed deliveries by SMTP or LMTP. Accepts only mail to the bounce address.
 * Mail that is no report, such as an out-of-office note, is accepted and ignored: an error would only cause
 * another report.
 */
export async function startBounceListener(options: BounceListenerOptions): Promise<BounceListener> {
  const { endpoint, bounceAddress, takeReport, tls, logger, times = CONNECTION_TIMES, now } = options
  const rate = createClientRate({ ...REPORT_RATE, now })
  /** The clocks of open connections. */
  const clocks = new Map<string, NodeJS.Timeout>()
  const server = new SMTPServer({
    name: domainOf(bounceAddress),
    banner: 'emailauth reports',
    lmtp: endpoint.protocol === 'lmtp',
    ...(tls === undefined ? {} : tlsOptions(tls.current)),
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    size: DSN_MAX_BYTES,
    rejectOversized: true,
    maxRecipients: MAX_RECIPIENTS,
    maxClients: MAX_CONNECTIONS,
    socketTimeout: times.idleMs,
    closeTimeout: CLOSE_GRACE_MS,
    onConnect({ remoteAddress }, done) {
      // This one too. smtp-server itself knows which are open, whatever became of their sockets.
      const { network } = clientNetwork(remoteAddress)
      const open = [...server.connections].filter((other) => networkOf(other) === network)
      if (open.length <= MAX_CONNECTIONS_OF_ONE) done()
      else done(answer(421, '4.7.0 Too many connections of one client; try again later'))
    },
    onMailFrom(_address, session, done) {
      if (rate.secondsToWait(session.remoteAddress) === 0) done()
      else done(answer(450, '4.7.1 Too many reports in a minute; try again later'))
    },
    onRcptTo({ address }, _session, done) {
      if (isBounceRecipient(bounceAddress, address)) done()
      else done(answer(550, '5.1.1 Only reports of failed deliveries are taken here'))
    },
    // The event of a socket is not enough: at STARTTLS smtp-server removes all its listeners.
    onClose: stopClock,
    onData(stream, session, done) {
      receive(stream, session).then(
        () => done(null, 'Taken'),
        (err: unknown) => {
          logger?.warn({ err }, 'a report of a failed delivery could not be taken in')
          done(answer(451, '4.3.0 Try again later'))
        },
      )
    },
  })
  // A broken connection also raises this event. Without a listener it would end the process.
  server.on('error', (err) => logger?.debug({ err }, 'connection of a report failed'))
  server.server.on('connection', (socket: Socket) => {
    // A client that sends a byte now and then is never idle, but must not hold a connection for ever.
    const name = nameOf(socket)
    const over = setTimeout(() => {
      if (clocks.get(name) === over) clocks.delete(name)
      socket.destroy()
    }, times.sessionMs).unref()
    clocks.set(name, over)
    // Of a connection that ends before the greeting the session has no address.
    socket.once('close', () => {
      clearTimeout(over)
      if (clocks.get(name) === over) clocks.delete(name)
    })
  })
  tls?.onChange((material) => server.updateSecureContext(tlsOptions(material)))

  function stopClock(session: SMTPServerSession): void {
    const name = nameOf(session)
    clearTimeout(clocks.get(name))
    clocks.delete(name)
  }

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = []
    // Node types what a stream yields as any.
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer)
    // The server itself answers 552.
    if (stream.sizeExceeded) return
    const recipients = session.envelope.rcptTo.map(({ address }) => address)
    const outcome = await takeReport(Buffer.concat(chunks), recipients)
    logger?.info({ outcome }, 'report of a mail server')
  }

  const listening = server.listen(endpoint.port, endpoint.host)
  await once(listening, 'listening')
  return {
    port: portOf(listening),
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

/**
 * TLS for other people's mail servers, which may be older than our services and have no client certificate.
 */
const tlsOptions = ({ cert, key }: TlsMaterial) => ({
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
  minVersion: 'TLSv1.2' as const,
})

const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

type Remote = { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined }

const networkOf = ({ remoteAddress }: Remote) => clientNetwork(remoteAddress || undefined).network

/** The same for a socket and for its session, which has the address in another form. */
const nameOf = (remote: Remote) => `${networkOf(remote)} ${remote.remotePort ?? 0}`
