import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { EXIT } from '../../src/exit-codes.ts'
import { runHere } from '../run-here.ts'

test.each([
  [[]],
  [['nonsense']],
  [['regster']],
  [['nonsense', '--help']],
  [['tenants', 'nonsense', '-h']],
  [['help', 'nonsense']],
  [['register']],
  [['register', '--emial', 'x']],
  [['register', '--email']],
  [['verify']],
  [['verify', '1', '--nonsense']],
  [['resend', 'a', 'b']],
  [['identities', '--first', '0']],
  [['identities', '--first', '1e2']],
  [['identities', '--email', 'nope']],
  [['identities', '--watch', '--email', '']],
  [['events', '--after', '0']],
  [['inbox', '--wait', 'soon']],
  [['tenants', 'create', 'x', '--verification', 'none']],
  [['keys']],
  [['keys', 'rotate', 'k', '--overlap', '-1']],
  [['keys', 'create', '--name', 'n', '--admin', '--days', '0']],
  [['tenants', 'update', 'x']],
  [['keys', 'create', '--name', 'n']],
  [['keys', 'create', '--name', 'n', '--admin', '--tenant', 't']],
  [['up', '--log-level', 'loud']],
  [['completion', 'fishy']],
])('%j is a usage error', async (args) => {
  const { exitCode, stdout, stderr } = await runHere(args)
  expect([exitCode, stdout]).toEqual([64, ''])
  expect(stderr).not.toContain('    at ')
})

test.each([
  ['regster', "unknown command 'regster'\n(Did you mean register?)"],
  ['verify', "missing required argument 'number'"],
  ['identities --first many', 'from 1 to 200.'],
  ['register', "required option '--email <address>' not specified"],
])('%s: with --json the error is JSON too, wherever the option stands', async (line, message) => {
  for (const args of [
    ['--json', ...line.split(' ')],
    [...line.split(' '), '--json'],
  ]) {
    const { exitCode, stdout, stderr } = await runHere(args)
    expect([exitCode, stdout]).toEqual([64, ''])
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'CLI', message: expect.stringContaining(message) } })
  }
})

test('--json as the value of an option asks for nothing', async () => {
  const { exitCode, stderr } = await runHere(['--profile', '--json', 'regster'])
  expect([exitCode, stderr]).toEqual([64, expect.stringMatching(/^error: unknown command 'regster'/)])
})

test('with --json the error of a mistyped command is JSON where its help is asked for too', async () => {
  const { stderr } = await runHere(['regster', '--help', '--json'])
  expect(JSON.parse(stderr).error.message).toContain('unknown command')
})

test.each(['nonsense', 'localhost:4000', 'http://'])(
  '--url %s is named as the fault, with or without a key',
  async (url) => {
    for (const env of [{}, { EMAILAUTH_API_KEY: 'ea_x_y' }]) {
      const { exitCode, stderr } = await runHere(['--url', url, 'identities'], { env })
      expect([exitCode, stderr]).toEqual([64, expect.stringContaining('begins with http:// or https://')])
      expect(stderr).toContain('--url')
    }
  },
)

// Beyond what a command takes: it says so, and asks nobody.
test.each([
  ['inbox --wait 3601', 'from 1 to 3600.'],
  ['inbox --first 201', 'from 1 to 200.'],
  ['keys create --name n --admin --days 3651', 'from 1 to 3650.'],
  ['keys rotate k --overlap 2592001', 'from 0 to 2592000.'],
  ['webhooks rotate-secret demo.wh_x --overlap 2592001', 'from 0 to 2592000.'],
  ['webhooks replay demo.wh_x --failed-since 100000m', 'such as 90m, 2h, 3d'],
  ['register --email e --token t --expires-in 1000000000', 'from 1 to 999999999.'],
  ['tenants update x --ttl 86401', 'from 1 to 86400.'],
  ['tenants update x --bound-digits 13', 'from 6 to 12.'],
  ['tenants update x --bound-tries 11', 'from 1 to 10.'],
  ['tenants update x --miss-budget 100001', 'from 10 to 100000.'],
  ['tenants update x --mails-per-address 1000000000/1h', 'such as'],
  ['statistics --since 10000m', 'Such as 90m, 24h or 30d.'],
  ['up --processes 65', 'from 1 to 64.'],
])('%s is a usage error', async (line, said) => {
  const { exitCode, stdout, stderr } = await runHere(line.split(' '))
  expect([exitCode, stdout]).toEqual([64, ''])
  expect(stderr).toContain(said)
})

test('help of a command below another is that command’s own', async () => {
  const { stdout } = await runHere(['help', 'keys', 'rotate'])
  expect(stdout).toContain('Usage: emailauth keys rotate ')
  expect(stdout).toBe((await runHere(['keys', 'rotate', '--help'])).stdout)
})

test('a slip of the fingers gets a suggestion', async () => {
  expect((await runHere(['regster'])).stderr).toContain('Did you mean register?')
  expect((await runHere(['register', '--emial', 'x'])).stderr).toContain('Did you mean --email?')
})

test.each([
  [['regster'], 'register'],
  [['tenants', 'crate'], 'create'],
  [['keys', 'rotat'], 'rotate'],
])('%j gets the same suggestion when its help is asked for', async (args, meant) => {
  const { stderr } = await runHere(args)
  expect(stderr).toContain(`Did you mean ${meant}?`)
  for (const asked of [
    [...args, '--help'],
    [...args, '-h'],
    [...args.slice(0, -1), 'help', ...args.slice(-1)],
    ['help', ...args],
  ])
    expect(await runHere(asked), asked.join(' ')).toMatchObject({ exitCode: 64, stdout: '', stderr })
})

test('an error names the help of its command', async () => {
  expect((await runHere(['nonsense'])).stderr).toContain('(emailauth --help shows what there is)')
  expect((await runHere(['tenants', 'update', 'x', '--nonsense'])).stderr).toContain(
    '(emailauth tenants update --help shows what there is)',
  )
})

test('help and version are no errors, and examples come first', async () => {
  for (const args of [['--help'], ['register', '-h'], ['help', 'verify'], ['keys', 'create', '--help']]) {
    const { exitCode, stdout, stderr } = await runHere(args)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Examples:\n {2}\S/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
  // Defaults are printed as they are typed.
  expect((await runHere(['statistics', '--help'])).stdout).toMatch(/such as 90m, 24h or 30d \(default: 24h\)/)
  expect((await runHere(['api', '--help'])).stdout).not.toContain('default: {}')
  expect((await runHere(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test("config check prints each service's settings without secrets, and finds faults", async () => {
  const env = {
    EMAILAUTH_SMTP_URL: 'smtps://user:geheim@mail.example.com',
    EMAILAUTH_SERVICE_TOKEN: 'geheim'.repeat(8),
    EMAILAUTH_GATEWAY_PORT: '4444',
  }
  const good = await runHere(['config', 'check'], { env })
  expect(good.stdout).toContain('EMAILAUTH_GATEWAY_PORT=4444 (environment)')
  expect(good.stdout).toContain('smtps://…@mail.example.com')
  expect(good.stdout).not.toContain('geheim')
  const bad = await runHere(['config', 'check', '--json'], {
    env: {
      ...env,
      EMAILAUTH_GATEWAY_PORT: 'x',
      EMAILAUTH_SERVICE_TOKN: 'geheim',
      EMAILAUTH_SMTP_URL: 'smtps://user:geheim/geheim@mail.example.com',
      EMAILAUTH_REDIS_URL: 'redis://:half@geheim@127.0.0.1',
    },
  })
  expect(bad.exitCode).toBe(1)
  expect(bad.stdout).not.toContain('geheim')
  const { faults, services } = JSON.parse(bad.stdout)
  expect(faults).toEqual(['EMAILAUTH_SERVICE_TOKN: is not known; did you mean EMAILAUTH_SERVICE_TOKEN?'])
  const gateway = services.find(({ name }: { name: string }) => name === 'gateway')
  expect(gateway.variables.filter(({ fault }: { fault: string | null }) => fault !== null)).toMatchObject([
    { variable: 'EMAILAUTH_GATEWAY_PORT' },
  ])
})

test('login says when the key would go through the network without TLS', async () => {
  const key = 'ea_000000000000_x'
  const saidFor = async (url: string) =>
    (await runHere(['--url', url, 'login', '--key', '-'], { input: key })).stderr
  // Nobody listens there, so it fails.
  expect(await saidFor('http://0.0.0.0:9')).toMatch(/^http:\/\/0\.0\.0\.0:9 is without TLS: .*\nerror: /)
  for (const url of ['https://0.0.0.0:9', 'http://127.0.0.1:9', 'http://localhost:9'])
    expect(await saidFor(url)).not.toContain('TLS')
})

test('a misspelt variable stops a command, and its meaning is guessed', async () => {
  const { exitCode, stderr } = await runHere(['identities'], { env: { EMAILAUTH_API_KYE: 'ea_x' } })
  expect([exitCode, stderr]).toEqual([
    64,
    'error: EMAILAUTH_API_KYE: is not known; did you mean EMAILAUTH_API_KEY?\n',
  ])
})

test('every exit code is in the help and in the docs, and no other', async () => {
  const codes = Object.values(EXIT)
  const { stdout } = await runHere(['--help'])
  const [, shown = ''] = stdout.split('Exit codes:\n')
  expect([...shown.matchAll(/(?<!\S)(\d+) [a-z]/g)].map(([, code]) => Number(code))).toEqual(codes)
  const page = await readFile(new URL('../../../../docs/cli.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split('## Exit codes\n')
  const listed = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (\d+) /gm)]
  expect(listed.map(([, code]) => Number(code))).toEqual(codes)
})

test('while npm start installs and builds, it says that it still does', async () => {
  const script = fileURLToPath(new URL('../../../../scripts/setup/progress.mjs', import.meta.url))
  const child = execFile(process.execPath, [script, 'Building', '20'])
  const ended = once(child, 'close')
  let said = ''
  child.stderr?.on('data', (text) => {
    said += text
  })
  await eventually(() => expect(said.match(/^Building… \d+ s$/gm)?.length).toBeGreaterThan(1))
  // The program ends with the step, also where that one was killed.
  child.stdin?.end()
  expect((await ended)[0]).toBe(0)
})
