import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type RunningMailer, runMailer } from '../running-mailer.ts'

export const bounceAddress = 'bounces@sender.example'

/** A mailer that listens for reports by SMTP and by LMTP. */
export interface BounceWorld {
  readonly redis: TestRedis
  /** Takes its mails. */
  readonly smtp: TestSmtp
  readonly mailer: RunningMailer
  readonly port: number
  readonly lmtpPort: number
  /** Hands a report over, by SMTP unless another port is given. */
  deliver(
    to: string[],
    raw: string,
    options?: { readonly port?: number; readonly lmtp?: boolean },
  ): ReturnType<typeof deliverReport>
  /** The message of this id, as `/v1/messages` shows it. */
  stateOf(id: string): Promise<Record<string, unknown>>
}

/** Starts it once for a file. Redis is emptied before each test. */
export function bounceWorldForTests(take: (world: BounceWorld) => void): void {
  let world: BounceWorld | undefined
  beforeAll(async () => {
    const [redis, smtp] = [await startRedis(), await startSmtp()]
    const [port, lmtpPort] = [await freePort(), await freePort()]
    const host = '127.0.0.1'
    const mailer = await runMailer(redis.url, smtp.url, {
      bounceAddress,
      bounceEndpoints: [
        { protocol: 'smtp', host, port },
        { protocol: 'lmtp', host, port: lmtpPort },
      ],
    })
    await mailer.app.ready()
    world = {
      ...{ redis, smtp, mailer, port, lmtpPort },
      deliver: (to, raw, { port: other = port, ...options } = {}) => deliverReport(other, to, raw, options),
      stateOf: async (id) => (await mailer.get(`/v1/messages?ids=${id}`)).json().messages[0],
    }
    take(world)
  })
  beforeEach(async () => {
    await world?.mailer.redis.flushall()
    world?.smtp.mails.splice(0)
  })
  afterAll(async () => {
    await world?.mailer.close()
    await world?.smtp.stop()
    await world?.redis.stop()
  })
}

/** A report of a failed delivery, as a mail server writes it. */
export const reportOf = (email: string, status = '5.1.1') =>
  [
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${email}`,
    'Action: failed',
    `Status: ${status}`,
    '--b--',
    '',
  ].join('\r\n')

/** Hands a report over, as a mail server does. */
export async function deliverReport(
  port: number,
  to: string[],
  raw: string,
  options: { lmtp?: boolean } = {},
) {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, ...options })
  try {
    return await transport.sendMail({ envelope: { from: '', to }, raw })
  } finally {
    transport.close()
  }
}

/** All replies to commands after MAIL. */
export async function repliesTo(commands: readonly string[], port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  const greeted = once(socket, 'data')
  socket.on('data', (chunk) => {
    said += chunk.toString()
  })
  const lines = ['EHLO mx.example', 'MAIL FROM:<>', ...commands, 'QUIT']
  const ended = new Promise((closed) => socket.once('close', closed))
  // A client that talks before the greeting is disconnected.
  await greeted
  socket.write(lines.map((line) => `${line}\r\n`).join(''))
  await ended
  return said
}
