import { once } from 'node:events'
import type { Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { freePort } from './free-port.ts'

/**
 * A reply of the scripted server. undefined: the usual 2xx. `drop`: it cuts the connection without a reply.
 */
export type SmtpAnswer = undefined | 'drop' | { readonly code: number; readonly text: string }
type Answers = SmtpAnswer | Promise<SmtpAnswer>

/** The behaviour of the server at each step. Each may be changed while it runs. */
export interface SmtpScript {
  /** Before the greeting. A promise that stays open is a server that never greets. */
  connect?: () => Answers
  /** By XOAUTH2 the password is the access token. */
  auth?: (user: string, password: string) => Answers
  mailFrom?: (address: string) => Answers
  rcptTo?: (address: string) => Answers
  /** After the whole message has come in. A message that is answered with nothing is kept in `mails`. */
  data?: (mail: ReceivedMail) => Answers
}

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** The message as it came over the wire. */
  readonly raw: string
}

/** A real SMTP server for one test. */
export interface TestSmtp {
  readonly url: string
  readonly port: number
  readonly script: SmtpScript
  /** Every message that was accepted, oldest first. */
  readonly mails: ReceivedMail[]
  /** Connections since the start. */
  connections(): number
  /** Stops listening and cuts open connections. `restart` listens on the same port again. */
  stop(): Promise<void>
  restart(): Promise<void>
}

/** Starts an SMTP server on a free loopback port, without TLS and AUTH unless `options` say otherwise. */
export async function startSmtp(script: SmtpScript = {}, options: SMTPServerOptions = {}): Promise<TestSmtp> {
  const port = await freePort()
  const mails: ReceivedMail[] = []
  const sockets = new Map<number, Socket>()
  let connected = 0
  let server = await listen()

  /** Converts a scripted reply for smtp-server's callback. */
  function answer(session: SMTPServerSession, asked: Answers, done: (error?: Error | null) => void): void {
    void Promise.resolve(asked).then((said) => {
      if (said === 'drop') sockets.get(session.remotePort)?.destroy()
      else if (said === undefined) done()
      else done(Object.assign(new Error(said.text), { responseCode: said.code }))
    })
  }

  async function listen(): Promise<SMTPServer> {
    const started = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      // The strict parser of smtp-server does not support quoted local parts.
      lenientAddressParsing: true,
      ...options,
      onConnect: (session, done) => answer(session, script.connect?.(), done),
      onAuth: ({ username, password, accessToken }, session, done) =>
        answer(session, script.auth?.(username ?? '', password ?? accessToken ?? ''), (error) =>
          done(error, { user: username }),
        ),
      onMailFrom: ({ address }, session, done) => answer(session, script.mailFrom?.(address), done),
      onRcptTo: ({ address }, session, done) => answer(session, script.rcptTo?.(address), done),
      onData(stream, session, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.once('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          const mail = {
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString('utf8'),
          }
          answer(session, script.data?.(mail), (error) => {
            if (error === undefined || error === null) mails.push(mail)
            done(error)
          })
        })
      },
    })
    // Clients that go away in mid-session are part of the tests.
    started.on('error', () => {})
    // Under TLS the plain socket must not be destroyed alone.
    started.server.on(options.secure === true ? 'secureConnection' : 'connection', (socket: Socket) => {
      connected++
      const { remotePort } = socket
      if (remotePort === undefined) return
      sockets.set(remotePort, socket)
      socket.once('close', () => sockets.delete(remotePort))
    })
    started.listen(port, '127.0.0.1')
    await once(started.server, 'listening')
    return started
  }

  async function stop(): Promise<void> {
    for (const socket of sockets.values()) socket.destroy()
    await new Promise<void>((closed) => server.close(() => closed()))
  }

  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    script,
    mails,
    connections: () => connected,
    stop,
    async restart() {
      server = await listen()
    },
  }
}
