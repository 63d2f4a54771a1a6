import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseKeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { ConfigError } from '@emailauth/service/config/config'
import { expect, test } from 'vitest'
import { readConfig, readMailSetup } from './config.ts'

const good = {
  EMAILAUTH_REDIS_URL: 'redis://127.0.0.1',
  EMAILAUTH_MAILER_KEYS: Buffer.alloc(32, 1).toString('base64'),
  EMAILAUTH_SERVICE_TOKEN: 'x'.repeat(32),
}

test('the defaults are those of a fresh machine', () => {
  expect(readConfig(good)).toMatchObject({
    EMAILAUTH_MAILER_PORT: 4002,
    EMAILAUTH_SMTP_URL: [{ host: '127.0.0.1', port: 1025, security: 'none' }],
    EMAILAUTH_MAIL_FROM: { name: 'emailauth', address: 'no-reply@localhost' },
    EMAILAUTH_DKIM: [],
    EMAILAUTH_ALLOW_PRIVATE_SMTP: false,
    EMAILAUTH_WEBHOOK_DISABLE_DAYS: 5,
  })
})

test('the name of an SNS topic has at most 256 characters', () => {
  const read = (length: number) =>
    readConfig({
      ...good,
      EMAILAUTH_SES_TOPIC_ARN: `arn:aws:sns:eu-west-1:123456789012:${'a'.repeat(length)}`,
    })
  expect(() => read(256)).not.toThrow()
  expect(() => read(257)).toThrow('must be the ARN of an SNS topic')
})

test('an endpoint may be tried for 30 days at most', () => {
  const daysOf = (days: string) =>
    readConfig({ ...good, EMAILAUTH_WEBHOOK_DISABLE_DAYS: days }).EMAILAUTH_WEBHOOK_DISABLE_DAYS
  expect(daysOf('30')).toBe(30)
  expect(() => daysOf('31')).toThrow('must be a whole number of days, 1 to 30')
})

test.each([
  ['EMAILAUTH_BOUNCE_SECRET', 32],
  ['EMAILAUTH_MAILGUN_SIGNING_KEY', 16],
] as const)('%s has %i characters at least', (name, least) => {
  expect(readConfig({ ...good, [name]: 'x'.repeat(least) })[name]).toHaveLength(least)
  expect(() => readConfig({ ...good, [name]: 'x'.repeat(least - 1) })).toThrow(
    `${name}: must have at least ${least} characters`,
  )
})

test('all errors are reported at once, without the password', () => {
  const bad = {
    ...good,
    EMAILAUTH_SMTP_URL: 'ftp://ada:secret@h',
    EMAILAUTH_MAIL_FROM: 'a@b\r\nBcc: c@d',
    EMAILAUTH_MAILER_PORT: 'x',
    EMAILAUTH_DKIM: 'example.com:s1:/no/such/key.pem',
    EMAILAUTH_ALLOW_PRIVATE_SMTP: 'yes',
    EMAILAUTH_BOUNCE_SECRET: 'too short',
  }
  expect(() => readConfig(bad)).toThrow(ConfigError)
  try {
    readConfig(bad)
  } catch (error) {
    const { message } = error as Error
    for (const name of [
      'SMTP_URL',
      'MAIL_FROM',
      'MAILER_PORT',
      'DKIM',
      'ALLOW_PRIVATE_SMTP',
      'BOUNCE_SECRET',
    ])
      expect(message).toContain(`EMAILAUTH_${name}: `)
    expect(message).not.toMatch(/secret@|too short/)
  }
})

test('from the master ring it takes its own keys alone; without any it does not start', () => {
  const master = Buffer.alloc(32, 7).toString('base64')
  const { EMAILAUTH_MAILER_KEYS: _, ...without } = good
  const given = readConfig({ ...without, EMAILAUTH_SECRET_KEYS: master })
  const own = deriveMailerRing(parseKeyRing(master))
  expect(given.holdsMasterKeys).toBe(true)
  expect(given.keyRing.keys[0].id).toEqual(own.keys[0].id)
  expect(readConfig(good).holdsMasterKeys).toBe(false)
  expect(() => readConfig(without)).toThrow('EMAILAUTH_MAILER_KEYS: is missing')
})

test('in production there must be a relay and a sender; both are reported at once', () => {
  const production = { ...good, NODE_ENV: 'production' }
  expect(() => readConfig(production)).toThrow(/EMAILAUTH_SMTP_URL: must.*\nEMAILAUTH_MAIL_FROM: must/)
  const set = {
    EMAILAUTH_SMTP_URL: 'smtp://mail.example.com',
    EMAILAUTH_MAIL_FROM: 'Acme <no-reply@acme.example>',
  }
  expect(readConfig({ ...production, ...set }).EMAILAUTH_MAIL_FROM.address).toBe('no-reply@acme.example')
  const file = join(mkdtempSync(join(tmpdir(), 'emailauth-config-')), 'smtp-url')
  writeFileSync(file, 'smtp://file.example.com')
  const { EMAILAUTH_SMTP_URL: _, ...sender } = set
  const fromFile = readConfig({ ...production, ...sender, EMAILAUTH_SMTP_URL_FILE: file })
  expect(fromFile.EMAILAUTH_SMTP_URL[0]?.host).toBe('file.example.com')
})

test('where reports are taken there must be an address that they go to', () => {
  const listen = { EMAILAUTH_BOUNCE_LISTEN: 'smtp://127.0.0.1:2525' }
  expect(() => readConfig({ ...good, ...listen })).toThrow(
    'EMAILAUTH_BOUNCE_LISTEN: needs EMAILAUTH_BOUNCE_ADDRESS',
  )
  const both = { ...good, ...listen, EMAILAUTH_BOUNCE_ADDRESS: 'bounces@acme.example' }
  expect(readConfig(both)).toMatchObject({
    EMAILAUTH_BOUNCE_ADDRESS: 'bounces@acme.example',
    EMAILAUTH_BOUNCE_LISTEN: [{ protocol: 'smtp', host: '127.0.0.1', port: 2525 }],
  })
  const { EMAILAUTH_BOUNCE_LISTEN: none } = readConfig({
    ...good,
    EMAILAUTH_BOUNCE_ADDRESS: 'b@acme.example',
  })
  expect(none).toEqual([])
  for (const wrong of ['bounces+x@acme.example', 'twelve-chars@acme.example', 'no address'])
    expect(() => readConfig({ ...good, EMAILAUTH_BOUNCE_ADDRESS: wrong })).toThrow(
      'EMAILAUTH_BOUNCE_ADDRESS: must',
    )
})

test('how mails leave can be read without Redis and keys; what is not set is not the default', () => {
  const nothing = { smtpServers: undefined, from: undefined, clientName: undefined, dkimKeys: [] }
  expect(readMailSetup({})).toMatchObject(nothing)
  const set = { EMAILAUTH_SMTP_URL: 'smtp://h.example', EMAILAUTH_MAIL_FROM: 'a@acme.example' }
  const setup = readMailSetup(set)
  expect([setup.smtpServers?.[0]?.host, setup.from?.address]).toEqual(['h.example', 'a@acme.example'])
  expect(() => readMailSetup({ EMAILAUTH_SMTP_URL: 'h.example' })).toThrow(/EMAILAUTH_SMTP_URL: must/)
})
