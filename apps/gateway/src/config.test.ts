import { ConfigError } from '@emailauth/service/config/config'
import { afterEach, expect, test, vi } from 'vitest'
import { configWarnings, readConfig } from './config.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

function stub(env: Record<string, string>) {
  for (const name of Object.keys(process.env)) if (name.startsWith('EMAILAUTH_')) vi.stubEnv(name, '')
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

test('with the service token alone everything has its default', () => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32) })
  expect(readConfig()).toMatchObject({
    EMAILAUTH_GATEWAY_PORT: 4000,
    EMAILAUTH_HOST: '127.0.0.1',
    EMAILAUTH_PERSISTENCE_URL: 'http://127.0.0.1:4001',
    EMAILAUTH_MAILER_URL: 'http://127.0.0.1:4002',
    EMAILAUTH_ADMIN_DIR: expect.stringMatching(/admin\/dist$/),
  })
})

test('a process takes 16 to 100,000 connections, as it is told', () => {
  const connectionsOf = (most: string) => {
    stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_MAX_CONNECTIONS: most })
    return readConfig().EMAILAUTH_MAX_CONNECTIONS
  }
  expect([connectionsOf('16'), connectionsOf('100000')]).toEqual([16, 100_000])
  for (const most of ['15', '100001'])
    expect(() => connectionsOf(most)).toThrow('must be a whole number, 16 to 100000')
})

test.each([
  ['auth.example.com', 'must be a URL such as https://emailauth.example.com'],
  ['http://auth.example.com', 'must be https with the name of a host'],
])('the public URL %s is named as a wrong setting', (url, sentence) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_PUBLIC_URL: url })
  const read = () => readConfig()
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(`EMAILAUTH_PUBLIC_URL: ${sentence}`)
})

test.each([
  ['EMAILAUTH_LOG_LEVEL', 'INFO', 'must be one of trace, debug, info, warn, error, silent'],
  ['EMAILAUTH_ADMIN_MAIL_SIGN_IN', 'no', 'must be one of always, without-passkey, never'],
])('%s=%s is answered with what it may be', (name, value, sentence) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), [name]: value })
  expect(() => readConfig()).toThrow(`${name}: ${sentence}`)
})

test('all faults are reported at once', () => {
  stub({
    EMAILAUTH_GATEWAY_PORT: 'x',
    EMAILAUTH_MAILER_URL: 'redis://x',
    EMAILAUTH_PERSISTENCE_URL: 'nowhere',
  })
  expect(readConfig).toThrow(ConfigError)
  for (const name of ['SERVICE_TOKEN', 'GATEWAY_PORT', 'MAILER_URL', 'PERSISTENCE_URL']) {
    expect(readConfig).toThrow(`EMAILAUTH_${name}: `)
  }
})

test.each([
  ['', []],
  ['10.0.0.0/8, 192.0.2.1,2001:db8::/32 ', ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']],
])('EMAILAUTH_TRUSTED_PROXIES=%j', (list, expected) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_TRUSTED_PROXIES: list })
  expect(readConfig().EMAILAUTH_TRUSTED_PROXIES).toEqual(expected)
})

test.each(['localhost', '10.0.0.0/99', 'true', '1'])('%j is no proxy', (list) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_TRUSTED_PROXIES: list })
  expect(readConfig).toThrow('EMAILAUTH_TRUSTED_PROXIES')
})

test.each(['http://a:1', 'http://a:1, https://b:2', 'http://[::1]:4001,'])('the services at %j', (urls) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_PERSISTENCE_URL: urls })
  expect(readConfig().EMAILAUTH_PERSISTENCE_URL).toBe(urls)
})

test.each([
  ...[',', 'http://a:1,b', 'http://a:1 http://b:2'],
  ...['http://a:1/base', 'http://a:1?x=1', 'http://a:1/#x', 'http://a:1,http://b:2/base'],
])('%j is no list of URLs', (urls) => {
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_PERSISTENCE_URL: urls })
  expect(readConfig).toThrow('EMAILAUTH_PERSISTENCE_URL')
})

test('user and password of a service are not used, and warned of without them', () => {
  const urls = 'http://a:1,http://u:secret@b:1/?'
  stub({ EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32), EMAILAUTH_PERSISTENCE_URL: urls })
  expect(readConfig().EMAILAUTH_PERSISTENCE_URL).toBe(urls)
  expect(configWarnings()).toEqual([
    {
      variable: 'EMAILAUTH_PERSISTENCE_URL',
      warning: expect.stringMatching(/^User and password are not used(?!.*secret)/),
    },
  ])
})
