import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually } from '@emailauth/testing/eventually'
import { startPostfix } from '@emailauth/testing/mail-servers/postfix'
import { isInstalled } from '@emailauth/testing/mail-servers/program'
import { startSmtp } from '@emailauth/testing/smtp'
import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { MAX_CONNECTIONS_OF_ONE, startBounceListener } from '../../src/bounces/bounce-listener.ts'
import { aMessage, runMailer } from '../running-mailer.ts'
import { type BounceWorld, bounceAddress, bounceWorldForTests, reportOf } from './bounce-world.ts'

let world: BounceWorld
bounceWorldForTests((started) => {
  world = started
})

test.each([
  ['smtp', () => ({})],
  ['lmtp', () => ({ port: world.lmtpPort, lmtp: true })],
])('a report that comes by %s to the return path alone marks its message', async (_, options) => {
  const request = aMessage({ email: 'gone@example.com' })
  await world.mailer.send(request)
  const returnPath = world.smtp.mails[0]?.from ?? ''
  await world.deliver([returnPath.toUpperCase()], reportOf('gone@example.com'), options())
  expect(await world.stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
  expect((await world.mailer.send(aMessage({ email: 'gone@example.com' }))).statusCode).toBe(422)
})

test('a report about somebody else, and what is no report, is taken and changes nothing', async () => {
  const request = aMessage({ email: 'ada@example.com' })
  await world.mailer.send(request)
  const returnPath = world.smtp.mails[0]?.from ?? ''
  await world.deliver([returnPath], reportOf('eve@example.com'))
  await world.deliver([returnPath], 'Subject: Out of office\r\n\r\nBack on Monday\r\n')
  expect(await world.stateOf(request.identityId)).toMatchObject({ state: 'sent' })
  expect((await world.mailer.get('/v1/suppressions?tenantId=demo')).json().suppressions).toEqual([])
})

test('the shell lines of docs/mail.md for a report post it', async () => {
  const page = await readFile(new URL('../../../../docs/mail.md', import.meta.url), 'utf8')
  const [lines = ''] = page.match(/(?<=```sh\n)t=[^`]*\/v1\/bounces\n/) ?? []
  const request = aMessage({ email: 'gone@example.com' })
  const bounceSecret = 'a bounce secret of 32 characters'
  const taking = await runMailer(world.redis.url, world.smtp.url, { bounceSecret, bounceAddress })
  await taking.send(request)
  const raw = reportOf('gone@example.com').replace(
    'MIME-Version',
    `To: ${world.smtp.mails[0]?.from}\r\nMIME-Version`,
  )
  const url = await taking.app.listen({ port: 0, host: '127.0.0.1' })
  const script = lines.replace('http://127.0.0.1:4002', url).replace('curl ', 'curl -sSf ')
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, EMAILAUTH_BOUNCE_SECRET: bounceSecret },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  shell.stdin.end(raw)
  const [code] = await once(shell, 'exit')
  expect(code).toBe(0)
  expect(await world.stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
  await taking.close()
})

/** A listener with a certificate and without a store, and a client that insists on STARTTLS. */
async function listenWithTls() {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-certificates-'))
  const { certificate, key } = await makeCertificates(folder)
  const current = { cert: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  await rm(folder, { recursive: true })
  const listener = await startBounceListener({
    endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
    bounceAddress,
    takeReport: () => Promise.reject(new Error('no Redis')),
    tls: { current, onChange: () => () => {}, close: () => {} },
    now: Date.now,
  })
  const transport = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  })
  return { listener, transport }
}

test('with a certificate STARTTLS is offered; a store out of reach is answered 451, so that the report comes again', async () => {
  const { listener, transport } = await listenWithTls()
  const sending = transport.sendMail({
    envelope: { from: '', to: bounceAddress },
    raw: reportOf('x@example.com'),
  })
  await expect(sending).rejects.toMatchObject({ responseCode: 451 })
  transport.close()
  await listener.close()
})

test('encrypted connections of a client do not count any more when they have ended', async () => {
  const { listener, transport } = await listenWithTls()
  try {
    for (let made = 0; made < MAX_CONNECTIONS_OF_ONE + 5; made++) expect(await transport.verify()).toBe(true)
  } finally {
    transport.close()
    await listener.close()
  }
})

test('connections that end before the greeting do not count, with which load balancers look whether it lives', async () => {
  const { listener, transport } = await listenWithTls()
  try {
    for (let made = 0; made < MAX_CONNECTIONS_OF_ONE + 5; made++) {
      const socket = connect(listener.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
      await once(socket, 'close')
    }
    await expect.poll(() => transport.verify().catch(() => false)).toBe(true)
  } finally {
    transport.close()
    await listener.close()
  }
})

test.skipIf(!isInstalled('postfix'))('a report of a real Postfix comes back by itself', async () => {
  const relayed = await startSmtp({
    rcptTo: (address) =>
      address.startsWith('gone@') ? { code: 550, text: '5.1.1 User unknown' } : undefined,
  })
  const postfix = await startPostfix({
    sinkPort: relayed.port,
    settings: { transport_maps: `inline:{sender.example=smtp:[127.0.0.1]:${world.port}}` },
  })
  // Another mailer on the same Redis sends. The one with the listener takes the report.
  const sender = await runMailer(world.redis.url, postfix.url, { bounceAddress })
  try {
    const request = aMessage({ email: 'gone@example.com' })
    expect((await sender.send(request)).json()).toMatchObject({ state: 'sent' })
    await eventually(async () => {
      const state = await world.stateOf(request.identityId)
      if (state?.state !== 'bounced') throw new Error(`${state?.state}: ${postfix.output().slice(-3000)}`)
    }, 60_000)
    expect(await world.stateOf(request.identityId)).toMatchObject({
      state: 'bounced',
      reply: '550 5.1.1 User unknown',
    })
    const { suppressions } = (await world.mailer.get('/v1/suppressions?tenantId=demo')).json()
    expect(suppressions).toMatchObject([{ email: 'gone@example.com' }])
    const { outcomes } = (await world.mailer.post('/v1/outcomes/lease', { max: 10 })).json()
    expect(outcomes).toMatchObject([{ identityId: request.identityId, state: 'bounced' }])
  } finally {
    await sender.close()
    await postfix.stop()
    await relayed.stop()
  }
})
