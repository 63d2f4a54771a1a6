import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { startDns, type TestDns } from '@emailauth/testing/dns'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

// The built CLI and mailer, a real SMTP server with TLS and AUTH, a DNS server on loopback.

let folder: string
let dns: TestDns
let smtp: TestSmtp
let env: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-doctor-'))
  const { ca, certificate, key } = await makeCertificates(folder)
  const dkim = join(folder, 'dkim.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(dkim, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  dns = await startDns({
    'acme.example': { TXT: ['v=spf1 ip4:11.22.33.44 -all'], MX: ['mx.acme.example'] },
    'mx.acme.example': { A: ['11.22.33.5'] },
    'mail.acme.example': { A: ['11.22.33.44'] },
    '44.33.22.11.in-addr.arpa': { PTR: ['mail.acme.example'] },
    '_dmarc.acme.example': { TXT: ['v=DMARC1; p=reject'] },
  })
  smtp = await startSmtp(
    { auth: (_, password) => (password === 'p@ss' ? undefined : { code: 535, text: '5.7.8 no' }) },
    { disabledCommands: [], cert: await readFile(certificate), key: await readFile(key) },
  )
  env = {
    EMAILAUTH_MAIL_FROM: 'Acme <no-reply@acme.example>',
    EMAILAUTH_SMTP_NAME: 'mail.acme.example',
    EMAILAUTH_SMTP_URL: `${smtp.url.replace('smtp://', 'smtp://ada:p%40ss@')}?starttls=required`,
    EMAILAUTH_DKIM: `acme.example:s1:${dkim}`,
    NODE_EXTRA_CA_CERTS: ca,
  }
})
afterAll(async () => {
  await Promise.all([dns?.stop(), smtp?.stop()])
  await rm(folder, { recursive: true, force: true })
})

interface Check {
  readonly name: string
  readonly state: string
  readonly detail: string
  readonly fix: string | null
}

async function doctor(...args: string[]) {
  const run = await runCli(['doctor', '--mail', '--dns', dns.server, '--json', ...args], { env })
  const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: readonly Check[] }
  return { ...run, ok, of: (name: string) => checks.find((check) => check.name === name) }
}

test('one thing is wrong: exit 1, what to publish, and everything else is ok; no mail is sent', async () => {
  const { exitCode, ok, of } = await doctor()
  expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false })
  const key = of('DKIM s1')
  expect(key).toMatchObject({
    state: 'fail',
    fix: expect.stringMatching(/s1\._domainkey\.acme\.example.* p=/),
  })
  for (const name of ['Sender', 'SPF', 'DMARC', 'MX', 'PTR']) expect(of(name)?.state, name).toBe('ok')
  // The tests' certificates live for a day.
  expect(of('Relay')).toMatchObject({ state: 'warn', fix: expect.stringContaining('Renew the certificate') })
  expect(of('Relay')?.detail).toMatch(/TLSv1\.3, certificate until \d{4}-.*; credentials accepted/)
  expect(smtp.mails).toEqual([])
})

test('a wrong password of the relay is a finding that does not show it', async () => {
  const right = env.EMAILAUTH_SMTP_URL ?? ''
  env.EMAILAUTH_SMTP_URL = right.replace('p%40ss', 'wr0ng-pw')
  try {
    const { of, stdout } = await doctor()
    expect(of('Relay')).toMatchObject({ state: 'fail', detail: expect.stringContaining('535') })
    expect(stdout).not.toContain('wr0ng-pw')
  } finally {
    env.EMAILAUTH_SMTP_URL = right
  }
})

test('a variable that the mailer cannot read is a finding', async () => {
  const run = await runCli(['doctor', '--mail', '--json'], { env: { EMAILAUTH_SMTP_URL: 'smtp://a:b#c@h' } })
  expect(run.exitCode).toBe(1)
  expect(JSON.parse(run.stdout).checks[0]).toMatchObject({ name: 'Environment', state: 'fail' })
})

test.each([
  [['--domain', 'acme.example'], 'go with --mail'],
  [['--mail', '--domain', 'no domain'], '--domain must be'],
  [['--mail', '--dns', 'not an address'], '--dns must be'],
])('doctor %j is a wrong command line', async (args, message) => {
  const run = await runCli(['doctor', ...args], { env })
  expect(run.exitCode).toBe(64)
  expect(run.stderr).toContain(message)
})
