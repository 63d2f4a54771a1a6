import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls, { type ConnectionOptions } from 'node:tls'
import { makeCertificates } from '@emailauth/testing/certificates'
import { startDns, type TestDns } from '@emailauth/testing/dns'
import { freePort } from '@emailauth/testing/free-port'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parseMailbox } from '../../src/mime/mailbox.ts'
import { checkRelay } from '../../src/setup/check-relay.ts'
import { examineMail } from '../../src/setup/examine-mail.ts'
import type { MailFinding } from '../../src/setup/finding.ts'
import { VISIT_TIMES } from '../../src/setup/visit-relay.ts'
import { parseSmtpUrls } from '../../src/smtp/smtp-url.ts'

/** Empty: only what is found out about the relay counts here. */
let dns: TestDns
let smtp: TestSmtp | undefined
beforeAll(async () => {
  dns = await startDns({})
})
afterEach(async () => {
  await smtp?.stop()
  smtp = undefined
})
afterAll(() => dns?.stop())

async function visit(url: string): Promise<MailFinding | undefined> {
  const setup = {
    smtpServers: parseSmtpUrls(url),
    from: parseMailbox('Acme <no-reply@acme.example>'),
    clientName: 'mail.acme.example',
    dkimKeys: [],
    bounceAddress: undefined,
  }
  const findings = await examineMail(setup, { dns: dns.server })
  return findings.find(({ name }) => name === 'Relay')
}

test('a relay is greeted by our name and left without a mail', async () => {
  smtp = await startSmtp({}, { banner: 'welcome' })
  const finding = await visit(smtp.url)
  expect(finding).toMatchObject({ state: 'ok' })
  expect(finding?.detail).toMatch(
    /greets with "220 .*welcome" and knows us as mail.acme.example; not encrypted; no AUTH/,
  )
  expect([smtp.connections(), smtp.mails.length]).toEqual([1, 0])
})

test('a relay that is not there, and one that refuses us', async () => {
  expect(await visit(`smtp://127.0.0.1:${await freePort()}`)).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/cannot be reached/),
  })
  smtp = await startSmtp({ connect: () => ({ code: 554, text: '5.7.1 blocked using zen.example' }) })
  expect(await visit(smtp.url)).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/refuses the session: 554.*zen.example/),
  })
})

test('a relay that accepts connections and says nothing is not taken for a closed port, nor are name servers', async () => {
  smtp = await startSmtp({ connect: () => new Promise(() => {}) })
  const [silent] = parseSmtpUrls(smtp.url)
  if (silent === undefined) throw new Error('There is no relay.')
  expect(await checkRelay(silent, { times: { ...VISIT_TIMES, bannerMs: 20 } })).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('accepts the connection and then says nothing'),
  })
  const never = () => new Promise<never>(() => {})
  const named = { ...silent, host: 'relay.example' }
  expect(await checkRelay(named, { times: { ...VISIT_TIMES, connectMs: 20 }, resolve: never })).toMatchObject(
    {
      state: 'fail',
      detail: expect.stringContaining('the name servers do not answer'),
    },
  )
})

test('STARTTLS that is required and missing; credentials without AUTH', async () => {
  smtp = await startSmtp()
  expect(await visit(`${smtp.url}?starttls=required`)).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/gives no STARTTLS/),
  })
  const withCredentials = smtp.url.replace('smtp://', 'smtp://ada:pw-secret@')
  const finding = await visit(withCredentials)
  expect(finding).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/no AUTH offered, although there are credentials/),
  })
})

test('a relay that speaks only an old TLS, and one that ends the handshake', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const
  smtp = await startSmtp({}, { disabledCommands: [], ...old })
  expect(await visit(`${smtp.url}?starttls=required`)).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/could not agree on TLS: .*protocol/),
  })

  const replies = ['250-relay.example\r\n250 STARTTLS\r\n', '220 go ahead\r\n']
  const cutting = createServer((socket) => {
    socket.write('220 relay.example\r\n')
    socket.on('data', () => {
      const reply = replies.shift()
      if (reply === undefined) socket.end()
      else socket.write(reply)
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void cutting.close())
  await once(cutting, 'listening')
  const { port } = cutting.address() as AddressInfo
  expect(await visit(`smtp://127.0.0.1:${port}?starttls=required`)).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('could not agree on TLS: the server ended the handshake'),
  })
})

test('a certificate that is not trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-setup-'))
  try {
    const { certificate, key } = await makeCertificates(folder)
    const [cert, privateKey] = await Promise.all([readFile(certificate), readFile(key)])
    smtp = await startSmtp({}, { disabledCommands: [], cert, key: privateKey })
    expect(await visit(`${smtp.url}?starttls=required`)).toMatchObject({
      state: 'fail',
      detail: expect.stringMatching(/certificate.*not trusted/),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a certificate is worth a warning from 14 days before its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-setup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const files = await makeCertificates(folder)
  const read = [files.ca, files.certificate, files.key].map((file) => readFile(file))
  const [ca, cert, key] = (await Promise.all(read)) as [Buffer, Buffer, Buffer]
  smtp = await startSmtp({}, { disabledCommands: [], cert, key })
  // Trusted, as if an authority of the system had signed it.
  const connect = tls.connect
  tls.connect = ((options: ConnectionOptions, whenSecure?: () => void) =>
    connect({ ...options, ca }, whenSecure)) as typeof connect
  syncBuiltinESMExports()
  onTestFinished(() => {
    tls.connect = connect
    syncBuiltinESMExports()
  })
  const [relay] = parseSmtpUrls(`${smtp.url}?starttls=required`)
  if (relay === undefined) throw new Error('One URL is one relay.')
  const endsAtMs = Date.parse(new X509Certificate(cert).validTo)
  const fixBefore = async (days: number) =>
    (await checkRelay(relay, { now: endsAtMs - days * 86_400_000 })).fix
  expect(await fixBefore(14.01)).toMatch(/set user and password/)
  expect(await fixBefore(13.99)).toMatch(/Renew the certificate/)
})

test('AUTH on a connection without TLS: accepted, refused without repeating the password, not used', async () => {
  smtp = await startSmtp(
    {
      auth: (_, password) =>
        password === 'right-pw' ? undefined : { code: 535, text: `5.7.8 no: ${password}` },
    },
    { disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
  )
  const as = (credentials: string) => visit(smtp?.url.replace('smtp://', `smtp://${credentials}@`) ?? '')
  expect(await as('ada:right-pw')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/credentials accepted/),
  })
  const refused = await as('ada:wrong-pw')
  expect(refused).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/does not accept the credentials: 535/),
  })
  expect(JSON.stringify(refused)).not.toContain('wrong-pw')
  expect(await visit(smtp.url)).toMatchObject({
    state: 'warn',
    detail: expect.stringMatching(/there are no credentials/),
  })
})
