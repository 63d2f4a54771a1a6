import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@emailauth/service/logger'
import type { TlsMaterial, TlsSource } from '@emailauth/service/tls'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { domainOf } from '../smtp/mailbox.ts'
import type { BounceEndpoint } from './bounce-listen.ts'
import { DSN_MAX_BYTES } from './read-dsn.ts'
import { createReportRate } from './report-rate.ts'
import { isBounceRecipient } from './return-path.ts'
import type { TakeReport } from './take-report.ts'

/** Connections at a time, of all; more are answered 421. */
export const MAX_CONNECTIONS = 50
/** Of one report: it comes for one return path, seldom for a few. More recipients are answered 452. */
export const MAX_RECIPIENTS = 10
/** Of one client in a minute; more are answered 450, and a mail server tries again. */
export const REPORTS_A_MINUTE = 600
/** A connection without a word is closed. */
const IDLE_MS = 60_000
/** What is under way when the mailer closes has so long. */
const CLOSE_GRACE_MS = 2000

export interface BounceListenerOptions {
  readonly endpoint: BounceEndpoint
  readonly bounceAddress: string
  readonly takeReport: TakeReport
  /** With it STARTTLS is offered. */
  readonly tls?: TlsSource | undefined
  readonly logger?: Logger | undefined
  /** Unix milliseconds. */
  readonly now: () => number
}

export interface BounceListener {
  readonly port: number
  close(): Promise<void>
}

/**
 * Takes reports of failed deliveries as mail servers send them, by SMTP or LMTP. Nothing but mail to the bounce address is let in, and
 * what is no report (an out-of-office note, a delay) is taken and passed over, because an error would only come back as another report.
 */
export async function startBounceListener(options: BounceListenerOptions): Promise<BounceListener> {
  const { endpoint, bounceAddress, takeReport, tls, logger, now } = options
  const isAllowed = createReportRate(REPORTS_A_MINUTE, now)
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
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_GRACE_MS,
    onMailFrom(_address, session, done) {
      if (isAllowed(session.remoteAddress)) done()
      else done(answer(450, '4.7.1 Too many reports in a minute; try again later'))
    },
    onRcptTo({ address }, _session, done) {
      if (isBounceRecipient(bounceAddress, address)) done()
      else done(answer(550, '5.1.1 Only reports of failed deliveries are taken here'))
    },
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
  // A connection that breaks is reported here too; without a listener it would end the process.
  server.on('error', (err) => logger?.debug({ err }, 'connection of a report failed'))
  tls?.onChange((material) => server.updateSecureContext(tlsOptions(material)))

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = []
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
    port: (listening.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

/** Mail servers of others are older than our own services, and have no certificate of ours. */
const tlsOptions = ({ cert, key }: TlsMaterial) => ({
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
  minVersion: 'TLSv1.2' as const,
})

const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
