import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { pack, runProgram } from '@emailauth/testing/packed'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

let system: TestSystem
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'emailauth-home-'))
  system = await startSystem()
})
afterAll(async () => {
  await system?.stop()
  await rm(home, { recursive: true, force: true })
})
const cli = (args: readonly string[], input = '') =>
  runHere(args, { env: { EMAILAUTH_HOME: system.home, HOME: home }, input })
const data = async (args: readonly string[], input = '') => {
  const { exitCode, stdout, stderr } = await cli(['--json', ...args], input)
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}
const register = async (email: string) => data(['register', '--email', email, '--token', 't'])

test('one identity by id, and 3 when it is gone', async () => {
  const { identityId } = await register('one@example.com')
  expect(await data(['identities', identityId])).toMatchObject({ id: identityId, email: 'one@example.com' })
  expect((await cli(['revoke', identityId, '--yes'])).exitCode).toBe(0)
  const gone = await cli(['identities', identityId])
  expect([gone.exitCode, gone.stderr]).toEqual([
    3,
    'No live identity has this id.\nSee: emailauth identities\n',
  ])
})

test('inbox --to compares whole addresses', async () => {
  await register('zoe@example.com')
  await register('zoe@example.com.au')
  const mails = await data(['inbox', '--to', 'Zoe@EXAMPLE.com', '--wait', '20'])
  expect(mails.map(({ to }: { to: string }) => to)).toEqual(['zoe@example.com'])
  expect(await data(['inbox', '--to', 'zoe@example'])).toEqual([])
})

test('events and statistics cover it; --follow starts at the given cursor and Ctrl-C ends it', async () => {
  const { identityId } = await register('eve@example.com')
  const events = await data(['events', '--identity', identityId, '--type', 'registered'])
  expect(events).toMatchObject([{ type: 'REGISTERED', email: 'eve@example.com' }])
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const follow = [main, '--json', 'events', '--follow', '--after', '0', '--identity', identityId]
  const child = spawn(process.execPath, follow, { env: { EMAILAUTH_HOME: system.home, HOME: home } })
  const [first] = await once(child.stdout, 'data')
  expect(JSON.parse(String(first).split('\n')[0] ?? '')).toMatchObject({ type: 'REGISTERED', identityId })
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  const { buckets } = await data(['statistics', '--since', '1h', '--tenant', 'demo'])
  const registered = buckets.flatMap(({ counts }: { counts: { of: string; count: number }[] }) => counts)
  expect(
    registered.some(({ of, count }: { of: string; count: number }) => of === 'REGISTERED' && count > 0),
  ).toBe(true)
  expect((await cli(['statistics', '--since', '1y'])).exitCode).toBe(64)
})

test.each([
  ['events --follow --tenant nope', 3, 'There is no such tenant.'],
  ['events --follow --after 0 --tenant nope', 3, 'There is no such tenant.'],
  ['identities --watch --tenant nope', 3, 'There is no such tenant.'],
  ['events --follow --after nonsense', 64, 'after must be the cursor of an event, or "0".'],
])('%s ends at once, instead of waiting for what never comes', async (line, exitCode, message) => {
  const refused = await cli(line.split(' '))
  expect([refused.exitCode, refused.stderr]).toEqual([exitCode, expect.stringContaining(message)])
})

test('api sends any document, from the line, a file or stdin', async () => {
  expect(await data(['api', '{ viewer { scope } }'])).toEqual({ viewer: { scope: 'ADMIN' } })
  expect(await data(['api', '--tenant-key', '-'], '{ viewer { scope } }\n')).toEqual({
    viewer: { scope: 'TENANT' },
  })
  const document =
    'query ($id: ID!, $n: Int!) { tenant(id: $id) { id } identities(first: $n) { totalCount } }'
  expect(await data(['api', document, '--var', 'id=demo', '--var', 'n=1'])).toMatchObject({
    tenant: { id: 'demo' },
  })
  expect((await cli(['api'])).exitCode).toBe(64)
  expect((await cli(['api', '-'], ' ')).exitCode).toBe(64)
  expect((await cli(['api', '{ nonsense }'])).exitCode).toBe(1)
  const missing = await cli(['api', '--file', '/nowhere/q.graphql'])
  expect([missing.exitCode, missing.stderr]).toEqual([1, 'error: /nowhere/q.graphql: It is not there.\n'])
})

test('every setting of a tenant can be set', async () => {
  await cli(['tenants', 'create', 'rates'])
  const { settings } = await data([
    ...['tenants', 'update', 'rates', '--mails-per-address', '2/1m,9/1d', '--registers-per-ip', '7/10m'],
    ...['--registers-per-tenant', '500/1h', '--misses-per-ip', '8/5m', '--miss-budget', '99'],
  ])
  expect(settings).toMatchObject({
    mailsPerAddress: [
      { max: 2, windowSeconds: 60 },
      { max: 9, windowSeconds: 86_400 },
    ],
    registersPerClientIp: { max: 7, windowSeconds: 600 },
    registersPerTenant: { max: 500, windowSeconds: 3600 },
    missesPerClientIp: { max: 8, windowSeconds: 300 },
    missBudgetPerHour: 99,
  })
  expect((await cli(['tenants', 'update', 'rates', '--misses-per-ip', 'many'])).exitCode).toBe(64)
})

test('trigger makes each of its events happen', async () => {
  const events = ['registered', 'sent', 'deferred', 'bounced', 'rejected', 'expired', 'resent', 'verified']
  events.push('missed', 'burned', 'replaced', 'revoked')
  await cli(['tenants', 'create', 'triggered', '--test'])
  const { stdout: key } = await cli(['keys', 'create', '--tenant', 'triggered', '--name', 'k'])
  const env = { EMAILAUTH_HOME: system.home, HOME: home, EMAILAUTH_API_KEY: key.trim() }
  for (const event of events)
    expect(await runHere(['trigger', event], { env })).toMatchObject({ exitCode: 0 })
  await eventually(async () => {
    const happened = await data(['events', '--tenant', 'triggered', '--first', '200'])
    const types = new Set(happened.map(({ type }: { type: string }) => type.toLowerCase()))
    expect(events.filter((event) => !types.has(event))).toEqual([])
  }, 30_000)
})

test('mail preview and test, sessions, open, config', async () => {
  expect((await cli(['mail', 'preview', '--tenant', 'demo', '--locale', 'es'])).stdout).toMatch(/\d{4} \d{4}/)
  expect((await cli(['mail', 'preview', '--tenant', 'demo', '--part', 'html'])).stdout).toContain('<html')
  expect((await cli(['mail', 'preview', '--tenant', 'nobody'])).exitCode).toBe(3)
  expect(await data(['mail', 'test', '--tenant', 'demo', '--to', 't@example.com'])).toMatchObject({
    outcome: 'SENT',
  })
  expect(await data(['sessions', 'list'])).toEqual([])
  expect((await cli(['sessions', 'revoke', 'x'])).exitCode).toBe(3)
  expect(await data(['open'])).toEqual({ url: `${system.url}/admin/` })
  const shown = await cli(['config'])
  expect(shown.stdout).toContain(system.url)
  expect(shown.stdout).not.toContain(system.apiKey)
  expect(shown.stdout).not.toContain(system.adminKey)
})

test('login keeps a profile that only its owner can read, and logout forgets it', async () => {
  const elsewhere = { HOME: home, PATH: '' }
  const run = (args: readonly string[], input = '') => runHere(args, { env: elsewhere, input })
  const url = ['--url', system.url]
  expect((await run([...url, 'login', '--key', '-'], 'ea_wrong\n')).exitCode).toBe(4)
  expect((await run([...url, 'login'])).exitCode).toBe(64)
  expect((await run([...url, 'login', '--key', '-'], `${system.apiKey}\n`)).exitCode).toBe(0)
  expect((await run([...url, 'login', '--key', '-', '--name', 'admin'], system.adminKey)).exitCode).toBe(0)
  const path = join(home, '.config/emailauth/profiles.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await run(['tenants', 'list'])).exitCode).toBe(0)
  expect((await run(['--profile', 'default', 'tenants', 'list'])).exitCode).toBe(4)
  expect(
    (await run(['--profile', 'default', 'register', '--email', 'p@example.com', '--token', 't'])).exitCode,
  ).toBe(0)
  expect((await run(['--profile', 'nobody', 'identities'])).stderr).toContain('There are: default, admin')
  // A key goes to the gateway that it was kept for, and to no other.
  expect((await run(['--url', 'http://127.0.0.1:9', 'identities'])).exitCode).toBe(4)
  expect((await run(['logout', '--all'])).exitCode).toBe(0)
  expect(await readFile(path, 'utf8')).not.toContain('ea_')
  expect((await run(['logout'])).exitCode).toBe(3)
})

test('an empty stdin is no wrong number, and a full disk is a sentence', async () => {
  const empty = await cli(['verify', '-'])
  expect([empty.exitCode, empty.stderr]).toEqual([64, 'error: There is no number: stdin is empty.\n'])
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const full = await runProgram('sh', ['-c', `"${process.execPath}" "${main}" --help > /dev/full`])
  expect(full).toEqual({
    code: 1,
    output: 'error: The output cannot be written. No space is left on the disk.\n',
  })
})

test('reset is refused while it runs, in production, and with a Redis of its own', async () => {
  expect((await cli(['reset', '--yes'])).exitCode).toBe(1)
  const env = { EMAILAUTH_HOME: system.home, HOME: home }
  expect((await runHere(['reset', '--yes'], { env: { ...env, NODE_ENV: 'production' } })).exitCode).toBe(64)
  expect(
    (await runHere(['reset', '--yes'], { env: { ...env, EMAILAUTH_REDIS_URL: 'redis://x' } })).exitCode,
  ).toBe(64)
  await access(join(system.home, 'credentials.json'))
})

test('the packed command installs globally and runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-global-'))
  const tarball = await pack('apps/cli', folder)
  const args = ['install', '--global', '--prefix', folder, '--offline', '--no-audit', '--no-fund', tarball]
  expect(await runProgram('npm', args)).toMatchObject({ code: 0 })
  const manifest = await readFile(join(folder, 'lib/node_modules/emailauth/package.json'), 'utf8')
  expect(manifest).not.toMatch(/workspace:|catalog:/)
  expect(JSON.parse(manifest).dependencies ?? {}).toEqual({})
  const publint = fileURLToPath(new URL('../../node_modules/publint/src/cli.js', import.meta.url))
  const unpacked = join(folder, 'lib/node_modules/emailauth')
  const lint = await runProgram(process.execPath, [publint, '--strict', '--pack', 'false', unpacked])
  expect(lint, lint.output).toMatchObject({ code: 0 })
  const env = { EMAILAUTH_HOME: system.home, HOME: home }
  const run = (line: readonly string[]) => runProgram(join(folder, 'bin/emailauth'), line, { env })
  expect(await run(['api', '{ viewer { scope } }', '--json'])).toEqual({
    code: 0,
    output: '{"viewer":{"scope":"ADMIN"}}\n',
  })
  const up = await run(['up'])
  expect([up.code, up.output]).toEqual([1, expect.stringContaining('clone')])
  await rm(folder, { recursive: true, force: true })
})
