import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

interface Checked {
  readonly variable: string
  readonly value: string | null
  readonly from: string
  readonly fault: string | null
  readonly warnings: readonly string[]
}

const check = async (env: Readonly<Record<string, string>>) => {
  const { exitCode, stdout } = await runHere(['config', 'check', '--json'], { env })
  const { faults, services } = JSON.parse(stdout) as {
    readonly faults: readonly string[]
    readonly services: readonly { readonly name: string; readonly variables: readonly Checked[] }[]
  }
  const of = (name: string) => services.find((service) => service.name === name)?.variables ?? []
  const wrong = (name: string) =>
    of(name).flatMap(({ variable, fault }) => (fault === null ? [] : [`${variable}: ${fault}`]))
  return { exitCode, faults, services, of, wrong }
}

test('config check prints every variable of .env.example but those of the CLI', async () => {
  const example = await readFile(new URL('../../../../.env.example', import.meta.url), 'utf8')
  const documented = [...example.matchAll(/^# (.*)\n#([A-Z_]+)=/gm)]
    .filter(([, description = '']) => !/\(CLI\)$|\(all services\)$/.test(description))
    .map(([, , name]) => name)
    // The second of the two in one paragraph.
    .filter((name) => name !== 'EMAILAUTH_API_KEY')
  expect(documented.length).toBeGreaterThan(40)
  const { services } = await check({})
  const printed = new Set(services.flatMap(({ variables }) => variables.map(({ variable }) => variable)))
  expect([...printed].sort()).toEqual([...new Set(documented)].sort())
})

test('config check shows what only serve reads', async () => {
  const { exitCode, of } = await check({ EMAILAUTH_SERVE_REST: 'true' })
  expect(exitCode).toBe(0)
  expect(of('serve')).toContainEqual({
    variable: 'EMAILAUTH_SERVE_REST',
    value: 'true',
    from: 'environment',
    fault: null,
    warnings: [],
  })
  expect((await check({ EMAILAUTH_SERVE_REST: 'yes' })).wrong('serve')).toEqual([
    'EMAILAUTH_SERVE_REST: must be true or false',
  ])
})

test('config check says what production requires, and what goes together', async () => {
  const bare = await check({ NODE_ENV: 'production' })
  expect(bare.exitCode).toBe(1)
  expect(bare.wrong('mailer')).toEqual([
    'EMAILAUTH_MAIL_FROM: must be set when NODE_ENV is production',
    'EMAILAUTH_SMTP_URL: must be set when NODE_ENV is production',
  ])
  const whole = await check({
    NODE_ENV: 'production',
    EMAILAUTH_MAIL_FROM: 'no-reply@example.com',
    EMAILAUTH_SMTP_URL: 'smtp://relay.example.com',
  })
  expect([whole.exitCode, whole.wrong('mailer')]).toEqual([0, []])
  const alone = await check({ EMAILAUTH_BOUNCE_LISTEN: 'smtp://127.0.0.1:2525' })
  expect(alone.wrong('mailer')).toEqual([
    'EMAILAUTH_BOUNCE_LISTEN: needs EMAILAUTH_BOUNCE_ADDRESS, which it takes mail for',
  ])
})

test('the API key of the CLI may lie in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-key-'))
  const file = join(folder, 'key')
  await writeFile(file, 'ea_live_of_a_file_0123456789\n')
  const { exitCode, stdout } = await runHere(['config', '--json'], { env: { EMAILAUTH_API_KEY_FILE: file } })
  await rm(folder, { recursive: true })
  expect([exitCode, JSON.parse(stdout).apiKey]).toEqual([0, expect.stringMatching(/^ea_live/)])
  expect(stdout).not.toContain('of_a_file_0123456789')
})

test('config check refuses what a service would not start with: another kind of Redis URL, certificates that are not there', async () => {
  const redis = await check({ EMAILAUTH_REDIS_URL: 'http://127.0.0.1:6379' })
  const scheme =
    'EMAILAUTH_REDIS_URL: must begin with redis://, rediss://, redis+sentinel://, rediss+sentinel:// or unix://'
  expect([redis.exitCode, redis.wrong('persistence'), redis.wrong('mailer')]).toEqual([1, [scheme], [scheme]])
  const port = (await check({ EMAILAUTH_REDIS_URL: 'redis://127.0.0.1:637x9' })).wrong('persistence')
  expect(port).toEqual([expect.stringContaining('EMAILAUTH_REDIS_URL: A Redis URL reads redis://')])
  const query = (await check({ EMAILAUTH_REDIS_URL: 'redis://127.0.0.1:6379?db=1' })).wrong('mailer')
  expect(query).toEqual([
    expect.stringContaining('EMAILAUTH_REDIS_URL: The database of a Redis URL is its path'),
  ])
  for (const url of ['rediss://a,rediss://b', 'redis+sentinel://a,b/name', 'unix:///run/redis.sock'])
    expect((await check({ EMAILAUTH_REDIS_URL: url })).exitCode, url).toBe(0)
  const files = { EMAILAUTH_TLS_CERT: '/nowhere/cert.pem', EMAILAUTH_TLS_KEY: '/nowhere/key.pem' }
  const missing = await check(files)
  for (const service of ['gateway', 'persistence', 'mailer'])
    expect(missing.wrong(service)).toEqual([
      expect.stringMatching(/^EMAILAUTH_TLS_CERT: ENOENT.*\/nowhere\//),
    ])
  expect(missing.exitCode).toBe(1)
})

test('config check warns of what a service starts with and may not be meant, and does not fail', async () => {
  const env = {
    EMAILAUTH_REDIS_URL: 'rediss://u:secret@redis.example.com:6379?ssl_cert_reqs=none',
    EMAILAUTH_SMTP_URL: 'smtps://relay.example.com:587',
  }
  const { exitCode, of } = await check(env)
  expect(exitCode).toBe(0)
  const warned = (name: string) =>
    of(name).flatMap(({ variable, warnings }) => warnings.map((warning) => `${variable}: ${warning}`))
  const [redis, smtp] = [
    'EMAILAUTH_REDIS_URL: Options after ? are not used',
    'EMAILAUTH_SMTP_URL: Most servers',
  ]
  expect(warned('persistence')).toEqual([expect.stringContaining(redis)])
  expect(warned('mailer')).toEqual([expect.stringContaining(redis), expect.stringContaining(smtp)])
  expect(warned('gateway')).toEqual([])
  const { stdout } = await runHere(['config', 'check'], { env })
  expect(stdout.replace(/\s+/g, ' ')).toContain(`${smtp} speak STARTTLS at port 587`)
  expect(stdout).not.toContain('secret')
})
