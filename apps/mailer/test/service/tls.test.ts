import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAtRate } from '../soak/callers.ts'

// The built mailer, because Node reads which authorities to trust when it starts.

let folder: string
let certificates: Awaited<ReturnType<typeof makeCertificates>>
let redis: TestRedis
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-smtp-tls-'))
  certificates = await makeCertificates(folder)
  redis = await startRedis()
})
afterAll(async () => {
  await redis?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function mailsOverTls(scheme: 'smtp' | 'smtps', parameters: string, host: string, trusted: boolean) {
  const [key, cert] = await Promise.all([readFile(certificates.key), readFile(certificates.certificate)])
  const users: string[] = []
  // Without TLS it offers no AUTH, and without AUTH it takes no mail.
  const smtp = await startSmtp(
    { auth: (user, password) => void users.push(`${user} ${password}`) },
    { secure: scheme === 'smtps', key, cert, disabledCommands: [], authOptional: false },
  )
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_SMTP_URL: `${scheme}://us:p%40ss@${host}:${smtp.port}${parameters}`,
    ...(trusted ? { NODE_EXTRA_CA_CERTS: certificates.ca } : {}),
  }
  const mailer = await startMailer({ env })
  try {
    const serviceToken = env.EMAILAUTH_SERVICE_TOKEN
    const calls = await callAtRate({ urls: () => [mailer.url], serviceToken, perSecond: 20, seconds: 0.5 })
    return {
      // A starved mailer may refuse calls for a moment.
      states: new Set(calls.map(({ state }) => state).filter((state) => state !== 'refused')),
      users: new Set(users),
      mails: smtp.mails.length,
    }
  } finally {
    await mailer.stop()
    await smtp.stop()
  }
}

test.each([
  ['STARTTLS', 'smtp', '?starttls=required', 'localhost'],
  ['STARTTLS where it is offered', 'smtp', '?starttls=offered', '127.0.0.1'],
  ['TLS from the first byte', 'smtps', '', 'localhost'],
] as const)('%s, credentials after it: mails go out', async (_, scheme, parameters, host) => {
  expect(await mailsOverTls(scheme, parameters, host, true)).toEqual({
    states: new Set(['sent']),
    users: new Set(['us p@ss']),
    mails: 10,
  })
})

test.each([
  ['smtp', '?starttls=required'],
  ['smtps', ''],
] as const)(
  '%s: a certificate of an unknown authority gets neither credentials nor mail',
  async (scheme, parameters) => {
    expect(await mailsOverTls(scheme, parameters, 'localhost', false)).toEqual({
      states: new Set(['queued']),
      users: new Set(),
      mails: 0,
    })
  },
)
