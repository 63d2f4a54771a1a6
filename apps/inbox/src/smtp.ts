import { once } from 'node:events'
import { portOf } from '@emailauth/service/http/port-of'
import type { Logger } from '@emailauth/service/logging/logger'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { MAX_ADDRESSES } from './mail/addresses.ts'
import { readMail } from './mail/mail.ts'
import { anySignIn } from './smtp-sign-in.ts'
import type { MessageStore } from './store.ts'

/** A larger mail is refused with 552. */
export const MAX_MESSAGE_BYTES = 1024 * 1024

/** Mailers keep their connections open between mails. */
const IDLE_CONNECTION_MS = 5 * 60_000

/** How long a connection may finish its mail when the receiver closes. */
const CLOSE_GRACE_MS = 500

export interface SmtpReceiver {
  /** Listens on loopback; 0 takes any free port. Gives the port; rejects when it is taken. */
  listen(port: number): Promise<number>
  close(): Promise<void>
}

/** SMTP server that stores every mail for any recipient. No TLS: it listens on loopback only. */
export function createSmtpReceiver(store: MessageStore, logger?: Logger): SmtpReceiver {
  const server = new SMTPServer({
    name: 'inbox.localhost',
    banner: 'emailauth inbox',
    ...anySignIn,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    // The strict reader of smtp-server knows no quoted local parts.
    lenientAddressParsing: true,
    size: MAX_MESSAGE_BYTES,
    rejectOversized: true,
    maxRecipients: MAX_ADDRESSES,
    maxClients: 100,
    socketTimeout: IDLE_CONNECTION_MS,
    closeTimeout: CLOSE_GRACE_MS,
    onData(stream, session, callback) {
      receive(stream, session).then(() => callback(), callback)
    },
  })
  // A connection that breaks is reported here too; without a listener it would end the process.
  server.on('error', (err) => logger?.debug({ err }, 'SMTP connection failed'))

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = []
    // Node types what a stream yields as any.
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer)
    // The server itself answers 552.
    if (stream.sizeExceeded) return
    const { mailFrom, rcptTo } = session.envelope
    const envelope = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    }
    const { id, mail } = store.add(await readMail(Buffer.concat(chunks), envelope), session.user ?? '')
    logger?.info({ id, bytes: mail.raw.length }, 'mail received')
  }

  return {
    async listen(port) {
      const listening = server.listen(port, '127.0.0.1')
      await once(listening, 'listening')
      return portOf(listening)
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
