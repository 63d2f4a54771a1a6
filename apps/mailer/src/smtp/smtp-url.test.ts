import { expect, test } from 'vitest'
import { parseSmtpUrl, parseSmtpUrls } from './smtp-url.ts'
import { smtpUrlWarnings } from './smtp-url-warnings.ts'

test.each([
  ['smtp://127.0.0.1:1025', [{ host: '127.0.0.1', port: 1025, security: 'none' }]],
  ['smtp://localhost', [{ host: 'localhost', port: 587, security: 'none' }]],
  ['smtp://[::1]:25', [{ host: '::1', port: 25, security: 'none' }]],
  ['smtp://mail.example.com', [{ host: 'mail.example.com', port: 587, security: 'required' }]],
  ['smtp://mailpit:1025?starttls=none', [{ host: 'mailpit', port: 1025, security: 'none' }]],
  ['smtp://localhost?starttls=required', [{ host: 'localhost', port: 587, security: 'required' }]],
  [
    'smtps://ada:p%40s%2Cs@a.example, smtp://b.example:26?starttls=offered',
    [
      { host: 'a.example', port: 465, security: 'tls', auth: { user: 'ada', pass: 'p@s,s' } },
      { host: 'b.example', port: 26, security: 'offered' },
    ],
  ],
])('%s', (text, servers) => {
  expect(parseSmtpUrls(text)).toEqual(servers)
})

test.each([
  'smtp://user:12#ss@host',
  'smtp://user:12/ss@host',
  'smtp://user:12?ss@host',
  'smtp://user:12,ss@host',
  'smtp://user:1%zz@host',
  'smtp://user:pa ss@host',
  'smtp://host/path',
  'smtp://host?unknown=1',
])('%s can mean something else, so it is refused with what to percent-encode', (text) => {
  expect(() => parseSmtpUrls(text)).toThrow(/write % as %25, # as %23, \/ as %2F, \? as %3F(?!.*ss)/)
})

test.each([
  ['smtp://host:0', 'port'],
  ['smtp://host?rate=1&rate=2', 'rate must stand once'],
  ['smtp://host?rate=10001', 'rate must be a whole number from 1 to 10000'],
  ['smtp://host?connections=101', 'connections must be a whole number from 1 to 100'],
  ['smtp://user@host', 'both user and password'],
  ['smtp://:pass@host', 'both user and password'],
  ['smtp://u:p@host?auth=cram', 'auth must be'],
  ['smtp://u:p@host?clientId=x', 'needs auth=xoauth2'],
  ['smtp://host?auth=xoauth2', 'needs a user'],
  ['smtp://u@host?auth=xoauth2', 'needs a refresh token'],
  ['smtp://u:p@host?auth=xoauth2&tokenUrl=google', 'needs clientId'],
  ['smtp://u:p@host?auth=xoauth2&tokenUrl=http://x.example&clientId=i', 'tokenUrl must be'],
  ['smtp://u:p@host?auth=xoauth2&tokenCommand=print', 'neither password nor tokenUrl'],
])('%s is refused: %s', (text, why) => {
  expect(() => parseSmtpUrls(text)).toThrow(why)
})

test.each([
  ['smtps://user:secret@host:587', 'tls', 'Most servers speak STARTTLS at port 587'],
  ['smtps://host:25', 'tls', 'Most servers speak STARTTLS at port 25'],
  ['smtp://user:secret@host:465', 'required', 'TLS from the first byte at port 465'],
  ['smtps://host?starttls=required', 'tls', 'starttls is an option of smtp://'],
])('%s is taken as %s, with a warning: %s', (text, security, warning) => {
  expect(parseSmtpUrl(text)).toMatchObject({ security })
  expect(smtpUrlWarnings(`smtp://host, ${text}`)).toEqual([expect.stringContaining(warning)])
  expect(smtpUrlWarnings(text).join()).not.toContain('secret')
})

test('a list without anything unusual has no warning', () => {
  expect(smtpUrlWarnings('')).toEqual([])
  expect(smtpUrlWarnings('smtp://host, smtps://user:secret@host')).toEqual([])
})

test('a relay may get 10,000 mails a second over 100 connections', () => {
  expect(parseSmtpUrl('smtp://host?rate=10000&connections=100')).toMatchObject({
    ratePerSecond: 10_000,
    maxConnections: 100,
  })
})

test('a host beyond ASCII is written in punycode', () => {
  expect(parseSmtpUrl('smtps://bücher.example').host).toBe('xn--bcher-kva.example')
})

test("a tenant's own URL runs no command", () => {
  const text = 'smtp://u@host?auth=xoauth2&tokenCommand=print'
  expect(parseSmtpUrl(text).auth).toEqual({ user: 'u', pass: '', xoauth2: { tokenCommand: 'print' } })
  expect(() => parseSmtpUrl(text, { ours: false })).toThrow('not for tenants')
})

test.each(['', 'localhost:25', 'http://h', 'smtp://', 'smtp://a,', 'smtp://u:secret@h?starttls=maybe'])(
  '%j is refused with the right form, and no password',
  (text) => {
    expect(() => parseSmtpUrls(text)).toThrow(/^(must be smtp|starttls must be)(?!.*secret)/)
  },
)
