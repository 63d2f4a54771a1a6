import { expect, test } from 'vitest'
import { gatewayUrl, readPlan, requireMailInProduction } from './plan.ts'

test('an empty environment gives the plan of the README', () => {
  const plan = readPlan({ EMAILAUTH_HOME: '', EMAILAUTH_REDIS_URL: '' }, '/repo')
  expect(plan).toMatchObject({
    home: '/repo/.emailauth',
    host: '127.0.0.1',
    redisUrl: undefined,
    production: false,
  })
  expect(Object.entries(plan.ports).map(([name, { port, variable }]) => [name, port, variable])).toEqual([
    ['gateway', 4000, 'EMAILAUTH_GATEWAY_PORT'],
    ['persistence', 4001, 'EMAILAUTH_PERSISTENCE_PORT'],
    ['mailer', 4002, 'EMAILAUTH_MAILER_PORT'],
    ['inbox', 8025, 'EMAILAUTH_INBOX_PORT'],
    ['smtp', 1025, 'EMAILAUTH_SMTP_PORT'],
  ])
})

test.each(['0', '65536', '004000', 'x', '-1', '4000.5', ' 4000', '1e3'])('%j is no port', (port) => {
  expect(() => readPlan({ EMAILAUTH_MAILER_PORT: port }, '/repo')).toThrow(
    'EMAILAUTH_MAILER_PORT must be a port from 1 to 65535.',
  )
})

test('all faults are reported at once, and a port used twice is one', () => {
  const read = () => readPlan({ EMAILAUTH_GATEWAY_PORT: '8025', EMAILAUTH_SMTP_PORT: 'x' }, '/repo')
  expect(read).toThrow('EMAILAUTH_INBOX_PORT and EMAILAUTH_GATEWAY_PORT name the same port, 8025.')
  expect(read).toThrow('EMAILAUTH_SMTP_PORT must be a port')
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4000'],
  ['0.0.0.0', 'http://127.0.0.1:4000'],
  ['::', 'http://127.0.0.1:4000'],
  ['::1', 'http://[::1]:4000'],
  ['10.0.0.5', 'http://10.0.0.5:4000'],
  ['[::1]', 'http://[::1]:4000'],
])('listening on %s it is reached at %s', (host, url) => {
  expect(gatewayUrl(readPlan({ EMAILAUTH_HOST: host }, '/repo'))).toBe(url)
})

test('the services meet by TLS when there is a certificate and its key', () => {
  const files = { EMAILAUTH_TLS_CERT: 'x.crt', EMAILAUTH_TLS_KEY: 'x.key' }
  expect(readPlan({}, '/repo').tls).toBeUndefined()
  expect(readPlan(files, '/repo').tls).toEqual({ cert: 'x.crt', key: 'x.key', ca: undefined })
  expect(() => readPlan({ EMAILAUTH_TLS_CA: 'ca.crt' }, '/repo')).toThrow('EMAILAUTH_TLS_CERT')
})

test.each([
  [{}, 'true'],
  [{ EMAILAUTH_HOST: '0.0.0.0' }, 'false'],
  [{ NODE_ENV: 'production' }, 'false'],
  [{ EMAILAUTH_HOST: '0.0.0.0', EMAILAUTH_METRICS_PUBLIC: 'true' }, 'true'],
  [{ EMAILAUTH_METRICS_PUBLIC: 'false' }, 'false'],
])('metrics are open to a developer at home: %j gives %s', (env, expected) => {
  expect(readPlan(env, '/repo').metricsPublic).toBe(expected)
})

test('production has no default relay and sender, and so no built-in inbox', () => {
  const relay = { EMAILAUTH_SMTP_URL: 'smtp://relay.example.com' }
  const sender = { EMAILAUTH_MAIL_FROM: 'no-reply@example.com' }
  const production = { NODE_ENV: 'production' }
  expect(() => requireMailInProduction({ ...production, ...relay, EMAILAUTH_MAIL_FROM: '' })).toThrow(
    /^EMAILAUTH_MAIL_FROM: must be set when NODE_ENV is production.$/,
  )
  expect(() => requireMailInProduction({ ...production, ...sender })).toThrow(/^EMAILAUTH_SMTP_URL: /)
  expect(() => requireMailInProduction(production)).toThrow(/SMTP_URL: .*\n.*MAIL_FROM: /)
  expect(() => requireMailInProduction({ ...production, ...relay, ...sender })).not.toThrow()
  expect(() => requireMailInProduction({})).not.toThrow()
})
