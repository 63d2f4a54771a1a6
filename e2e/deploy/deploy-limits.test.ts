import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { read } from './deploy-files.ts'

/** The values of a directive: all that the file has, each once. */
const valuesOf = (text: string, directive: string) => [
  ...new Set(
    [...text.matchAll(new RegExp(`^[^#\\n]*?\\b${directive}[ =]([\\w.]+)`, 'gm'))].map(([, value]) => value),
  ),
]

// What ends a service too late loses nothing, and holds up a deployment; too early it cuts off calls.
type Limits = [file: string, limits: Readonly<Record<string, string>>]
const LIMITS: readonly Limits[] = [
  ...['gateway', 'mailer', 'persistence', 'serve'].map(
    (name): Limits => [
      `deploy/systemd/emailauth-${name}.service`,
      {
        StartLimitIntervalSec: '0',
        RestartSec: '1',
        TimeoutStopSec: '60',
        LimitNOFILE: '65536',
        'max-semi-space-size': '32',
      },
    ],
  ),
  [
    'deploy/proxies/nginx.conf',
    {
      fail_timeout: '1s',
      keepalive: '64',
      max_fails: '1',
      proxy_connect_timeout: '1s',
      proxy_read_timeout: '1h',
      worker_connections: '4096',
    },
  ],
  [
    'deploy/proxies/haproxy.cfg',
    {
      'timeout connect': '1s',
      'timeout client': '60s',
      'timeout server': '60s',
      'timeout tunnel': '1h',
      'timeout check': '3s',
      retries: '3',
      inter: '500ms',
      fall: '1',
      rise: '1',
    },
  ],
  [
    'deploy/Containerfile',
    {
      interval: '10s',
      timeout: '3s',
      'start-period': '10s',
      'max-semi-space-size': '32',
    },
  ],
]

test.each(LIMITS)('the limits of %s', async (file, limits) => {
  const text = await read(file)
  const found = Object.keys(limits).map((directive) => [directive, valuesOf(text, directive)])
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(limits).map(([directive, value]) => [directive, [value]])),
  )
})

test('Compose gives a service 30 s to end, and Redis 512 MB', async () => {
  const { services } = parse(await read('deploy/compose.yaml'), { merge: true })
  const serve = parse(await read('deploy/compose.serve.yaml'), { merge: true }).services.serve
  for (const service of [services.persistence, services.mailer, services.gateway, serve])
    expect(service.stop_grace_period).toBe('30s')
  expect(services.redis.healthcheck.interval).toBe('5s')
  expect(services.redis.command.join(' ')).toContain('{REDIS_MAXMEMORY:-512mb}')
})

test("an image's health check gives up after 2 s, sooner than what starts it", async () => {
  expect(await read('deploy/healthcheck.mjs')).toContain('AbortSignal.timeout(2000)')
})
