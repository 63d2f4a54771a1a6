import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startPostfix } from '@emailauth/testing/mail-servers/postfix'
import { isInstalled } from '@emailauth/testing/mail-servers/program'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  CONNECTION_TIMES,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_OF_ONE,
  MAX_RECIPIENTS,
  REPORT_RATE,
  startBounceListener,
} from '../src/bounces/bounce-listener.ts'
import { DSN_MAX_BYTES } from '../src/bounces/parse-report.ts'
import { aMessage, type RunningMailer, runMailer } from './running-mailer.ts'

const bounceAddress = 'bounces@sender.example'
let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
let port: number
let lmtpPort: number
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  port = await freePort()
  lmtpPort = await freePort()
  const host = '127.0.0.1'
  mailer = await runMailer(redis.url, smtp.url, {
    bounceAddress,
    bounceEndpoints: [
      { protocol: 'smtp', host, port },
      { protocol: 'lmtp', host, port: lmtpPort },
    ],
  })
  await mailer.app.ready()
})
beforeEach(async () => {
  await mailer.redis.flushall()
  smtp.mails.length = 0
})
afterAll(async () => {
  await mailer?.close()
  await smtp?.stop()
  await redis?.stop()
})

const report = (email: string, status = '5.1.1') =>
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

async function deliver(to: string[], raw: string, options: { port?: number; lmtp?: boolean } = {}) {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, ...options })
  try {
    return await transport.sendMail({ envelope: { from: '', to }, raw })
  } finally {
    transport.close()
  }
}
const stateOf = async (id: string) => (await mailer.get(`/v1/messages?ids=${id}`)).json().messages[0]

test.each([
  ['smtp', () => ({})],
  ['lmtp', () => ({ port: lmtpPort, lmtp: true })],
])('a report that comes by %s to the return path alone marks its message', async (_, options) => {
  const request = aMessage({ email: 'gone@example.com' })
  await mailer.send(request)
  const returnPath = smtp.mails[0]?.from ?? ''
  await deliver([returnPath.toUpperCase()], report('gone@example.com'), options())
  expect(await stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
  expect((await mailer.send(aMessage({ email: 'gone@example.com' }))).statusCode).toBe(422)
})

test('a report about somebody else, and what is no report, is taken and changes nothing', async () => {
  const request = aMessage({ email: 'ada@example.com' })
  await mailer.send(request)
  const returnPath = smtp.mails[0]?.from ?? ''
  await deliver([returnPath], report('eve@example.com'))
  await deliver([returnPath], 'Subject: Out of office\r\n\r\nBack on Monday\r\n')
  expect(await stateOf(request.identityId)).toMatchObject({ state: 'sent' })
  expect((await mailer.get('/v1/suppressions?tenantId=demo')).json().suppressions).toEqual([])
})

test('the shell lines of docs/mail.md for a report post it', async () => {
  const page = await readFile(new URL('../../../docs/mail.md', import.meta.url), 'utf8')
  const [lines = ''] = page.match(/(?<=```sh\n)t=[^`]*\/v1\/bounces\n/) ?? []
  const request = aMessage({ email: 'gone@example.com' })
  const bounceSecret = 'a bounce secret of 32 characters'
  const taking = await runMailer(redis.url, smtp.url, { bounceSecret, bounceAddress })
  await taking.send(request)
  const raw = report('gone@example.com').replace('MIME-Version', `To: ${smtp.mails[0]?.from}\r\nMIME-Version`)
  const url = await taking.app.listen({ port: 0, host: '127.0.0.1' })
  const script = lines.replace('http://127.0.0.1:4002', url).replace('curl ', 'curl -sSf ')
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, EMAILAUTH_BOUNCE_SECRET: bounceSecret },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  shell.stdin.end(raw)
  const [code] = await once(shell, 'exit')
  expect(code).toBe(0)
  expect(await stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
  await taking.close()
})

test('mail for anybody else is refused with 550', async () => {
  for (const to of ['ada@sender.example', 'ada@example.com', 'bounces+news@sender.example'])
    await expect(deliver([to], report('gone@example.com'))).rejects.toMatchObject({ responseCode: 550 })
})

test('bounds: size, recipients, connections', async () => {
  const tooLarge = `Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(2 * DSN_MAX_BYTES, 'x\r\n')
  await expect(deliver([bounceAddress], tooLarge)).rejects.toMatchObject({ responseCode: 552 })
  const many = [...'abcdefghijk'].map((one) => `bounces+${one.repeat(52)}@sender.example`)
  expect(MAX_RECIPIENTS).toBe(10)
  expect(await repliesTo(many.map((to) => `RCPT TO:<${to}>`))).toMatch(/^452 /m)
  expect(DSN_MAX_BYTES).toBe(256 * 1024)

  expect([MAX_CONNECTIONS, MAX_CONNECTIONS_OF_ONE]).toEqual([50, 25])
  const hold = async (localAddress: string) => {
    const host = '127.0.0.1'
    const sockets = Array.from({ length: 25 }, () => connect({ port, host, localAddress }))
    const greetings = sockets.map((socket) => once(socket, 'data').then(String))
    for (const greeting of await Promise.all(greetings)) expect(greeting).toMatch(/^220 /)
    return sockets
  }
  const refused = () =>
    expect(deliver([bounceAddress], report('x@example.com'))).rejects.toMatchObject({ responseCode: 421 })
  // One client cannot hold all of them.
  const mine = await hold('127.0.0.1')
  await refused()
  const theirs = await hold('127.0.0.2')
  for (const socket of mine.slice(0, 5)) socket.destroy()
  await eventually(() => deliver([bounceAddress], report('x@example.com')), 20_000)
  const more: Socket[] = []
  await eventually(async () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' })
    more.push(socket)
    await once(socket, 'data')
    await refused()
  })
  for (const socket of [...mine, ...theirs, ...more]) socket.destroy()
  await eventually(() => deliver([bounceAddress], report('x@example.com')), 20_000)
})

test('a report of nearly 256 KiB is taken; one that is larger is not, also where its size was not announced', async () => {
  const request = aMessage({ email: 'gone@example.com' })
  await mailer.send(request)
  const returnPath = smtp.mails[0]?.from ?? ''
  const padded = (bytes: number) => {
    const raw = report('gone@example.com')
    return `X-Padding: 1\r\n${raw}${'x'
      .repeat(76)
      .concat('\r\n')
      .repeat(Math.floor((bytes - raw.length - 20) / 78))}`
  }
  await expect(
    repliesTo([`RCPT TO:<${returnPath}>`, 'DATA', padded(DSN_MAX_BYTES + 8192), '.']),
  ).resolves.toMatch(/^552 /m)
  expect(await stateOf(request.identityId)).toMatchObject({ state: 'sent' })
  await deliver([returnPath], padded(DSN_MAX_BYTES - 1024))
  expect(await stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
})

test('a connection that is silent is closed, and so is one that goes on for ever', async () => {
  expect(CONNECTION_TIMES).toEqual({ idleMs: 60_000, sessionMs: 600_000 })
  const listen = (times: { idleMs: number; sessionMs: number }) =>
    startBounceListener({
      endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
      bounceAddress,
      takeReport: async () => 'none',
      times,
      now: Date.now,
    })
  const impatient = await listen({ idleMs: 200, sessionMs: 600_000 })
  const silent = connect(impatient.port, '127.0.0.1')
  let said = ''
  silent.on('data', (chunk) => {
    said += chunk.toString()
  })
  await new Promise((closed) => silent.once('close', closed))
  expect(said).toMatch(/^220 [^\n]*\n(?:421 [^\n]*\n)?$/)
  await impatient.close()

  const short = await listen({ idleMs: 60_000, sessionMs: 500 })
  const busy = connect(short.port, '127.0.0.1').on('error', () => {})
  const talking = setInterval(() => busy.writable && busy.write('NOOP\r\n'), 20)
  await new Promise((closed) => busy.once('close', closed))
  clearInterval(talking)
  await short.close()
})

test('beyond its share of reports in a minute a client is asked to come again', async () => {
  expect(REPORT_RATE).toEqual({ most: 600, windowMs: 60_000 })
  let nowMs = 1_000_000
  const listener = await startBounceListener({
    endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
    bounceAddress,
    takeReport: async () => 'none',
    now: () => nowMs,
  })
  const transactions = Array.from({ length: 600 }, () => ['RSET', 'MAIL FROM:<>']).flat()
  const replies = await repliesTo(transactions, listener.port)
  expect(replies.match(/^250 /gm)?.length).toBeGreaterThanOrEqual(1200)
  expect(replies.match(/^450 4\.7\.1 /gm)).toHaveLength(1)
  nowMs += 60_000
  expect(await repliesTo([], listener.port)).not.toMatch(/^450 /m)
  await listener.close()
})

test('with a certificate STARTTLS is offered; a store out of reach is answered 451, so that the report comes again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-certificates-'))
  const { certificate, key } = await makeCertificates(folder)
  const current = { cert: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  const listener = await startBounceListener({
    endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
    bounceAddress,
    takeReport: () => Promise.reject(new Error('no Redis')),
    tls: { current, onChange: () => {}, close: () => {} },
    now: Date.now,
  })
  const transport = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  })
  const sending = transport.sendMail({
    envelope: { from: '', to: bounceAddress },
    raw: report('x@example.com'),
  })
  await expect(sending).rejects.toMatchObject({ responseCode: 451 })
  transport.close()
  await listener.close()
  await rm(folder, { recursive: true })
})

test.skipIf(!isInstalled('postfix'))(
  'a report of a real Postfix comes back by itself',
  async () => {
    const relayed = await startSmtp({
      rcptTo: (address) =>
        address.startsWith('gone@') ? { code: 550, text: '5.1.1 User unknown' } : undefined,
    })
    const postfix = await startPostfix({
      sinkPort: relayed.port,
      settings: { transport_maps: `inline:{sender.example=smtp:[127.0.0.1]:${port}}` },
    })
    // Another mailer on the same Redis sends. The one with the listener takes the report.
    const sender = await runMailer(redis.url, postfix.url, { bounceAddress })
    try {
      const request = aMessage({ email: 'gone@example.com' })
      expect((await sender.send(request)).json()).toMatchObject({ state: 'sent' })
      await eventually(async () => {
        const state = await stateOf(request.identityId)
        if (state?.state !== 'bounced') throw new Error(`${state?.state}: ${postfix.output().slice(-3000)}`)
      }, 60_000)
      expect(await stateOf(request.identityId)).toMatchObject({
        state: 'bounced',
        reply: '550 5.1.1 User unknown',
      })
      const { suppressions } = (await mailer.get('/v1/suppressions?tenantId=demo')).json()
      expect(suppressions).toMatchObject([{ email: 'gone@example.com' }])
      const { outcomes } = (await mailer.post('/v1/outcomes/lease', { max: 10 })).json()
      expect(outcomes).toMatchObject([{ identityId: request.identityId, state: 'bounced' }])
    } finally {
      await sender.close()
      await postfix.stop()
      await relayed.stop()
    }
  },
  120_000,
)

/** All replies to commands after MAIL. */
async function repliesTo(commands: readonly string[], at = port): Promise<string> {
  const socket = connect(at, '127.0.0.1')
  let said = ''
  socket.on('data', (chunk) => {
    said += chunk.toString()
  })
  const lines = ['EHLO mx.example', 'MAIL FROM:<>', ...commands, 'QUIT']
  const ended = new Promise((closed) => socket.once('close', closed))
  // A client that talks before the greeting is disconnected.
  await eventually(() => expect(said).toMatch(/^220 /))
  socket.write(lines.map((line) => `${line}\r\n`).join(''))
  await ended
  return said
}
