import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { writeCredentials } from '../src/credentials.ts'
import { startGateway } from './gateway.ts'
import { runCli } from './run-cli.ts'

const registered = {
  __typename: 'Registered',
  identityId: 'demo.id',
  email: 'ada@example.com',
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  delivery: 'SENT',
  replaced: true,
}
const problem = (__typename: string, more = {}) => ({
  data: { __typename, code: 'C', message: 'Not so.', ...more },
})
const REGISTER = ['register', '--email', 'ada@example.com', '--token']

let gateway: Awaited<ReturnType<typeof startGateway>> | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

async function cliWith(answers: Parameters<typeof startGateway>[0]) {
  gateway = await startGateway(answers)
  const env = { EMAILAUTH_URL: gateway.url, EMAILAUTH_API_KEY: 'ea_env' }
  return {
    calls: gateway.calls,
    run: (args: readonly string[], input = '') => runCli(args, { env, input }),
  }
}

test('register: the id alone on stdout, the story on stderr, all options on their way', async () => {
  const { run, calls } = await cliWith({ register: { data: registered } })
  const more = ['--locale', 'es', '--expires-in', '90', '--client-ip', '::1', '--idempotency-key', 'k']
  const { exitCode, stdout, stderr } = await run([...REGISTER, 'hello', ...more])
  expect([exitCode, stdout]).toEqual([0, 'demo.id\n'])
  expect(stderr).toMatch(/^The number for ada@example.com is mailed; it lives for (10:00|9:5\d)\.\n/)
  expect(stderr).toContain('had before is dead now')
  const input = {
    email: 'ada@example.com',
    token: 'hello',
    locale: 'es',
    clientIp: '::1',
    idempotencyKey: 'k',
  }
  expect(calls).toEqual([
    {
      field: 'register',
      authorization: 'Bearer ea_env',
      variables: { input: { ...input, expiresInSeconds: 90 } },
    },
  ])
})

test('register --token - reads stdin; --json prints the member as it is', async () => {
  const { run, calls } = await cliWith({ register: { data: registered } })
  const { stdout } = await run([...REGISTER, '-', '--json', '-q'], 'from stdin\n')
  expect(JSON.parse(stdout)).toEqual(registered)
  expect(calls[0]?.variables.input).toMatchObject({ token: 'from stdin' })
})

test('verify prints the token alone, untouched', async () => {
  const token = 'a\ttoken \u001b[1m ñ'
  const verified = {
    __typename: 'Verified',
    identityId: 'i',
    email: 'ada@example.com',
    token,
    registeredAt: 'r',
  }
  const { run, calls } = await cliWith({ verify: { data: verified } })
  const { exitCode, stdout } = await run(['verify', '1234', '5678', '--email', 'e', '--identity', 'i'])
  expect([exitCode, stdout]).toEqual([0, `${token}\n`])
  expect(calls[0]?.variables.input).toMatchObject({ number: '1234 5678', email: 'e', identityId: 'i' })
  await run(['verify', '-'], '87654321\n')
  expect(calls[1]?.variables.input).toMatchObject({ number: '87654321' })
})

test.each([
  [3, 'verify', ['verify', '1'], problem('WrongCredentials')],
  [5, 'verify', ['verify', '1'], problem('RateLimited', { limit: 'CLIENT_IP', retryAfterSeconds: 3 })],
  [1, 'register', [...REGISTER, 't'], problem('EmailRejected')],
  [5, 'register', [...REGISTER, 't'], problem('RateLimited', { limit: 'EMAIL', retryAfterSeconds: 3 })],
  [3, 'resend', ['resend', 'demo.x'], problem('IdentityNotFound')],
  [3, 'revokeIdentity', ['revoke', 'demo.x', '--yes'], { data: false }],
  [0, 'revokeIdentity', ['revoke', 'demo.x', '--yes'], { data: true }],
  [3, 'revokeApiKey', ['keys', 'revoke', 'k', '--yes'], { data: false }],
  [3, 'rotateApiKey', ['keys', 'rotate', 'k'], { data: null }],
  [3, 'updateTenant', ['tenants', 'update', 'x', '--ttl', '90'], { data: null }],
  [3, 'disableTenant', ['tenants', 'disable', 'x'], { data: null }],
  [3, 'enableTenant', ['tenants', 'enable', 'x'], { data: null }],
  [3, 'deleteTenant', ['tenants', 'delete', 'x', '--yes'], { data: false }],
  [0, 'deleteTenant', ['tenants', 'delete', 'x', '--yes'], { data: true }],
  [3, 'clearSuppression', ['suppressions', 'clear', 'a@b', '--tenant', 'x'], { data: false }],
  [0, 'clearSuppression', ['suppressions', 'clear', 'a@b', '--tenant', 'x'], { data: true }],
  [4, 'suppressions', ['suppressions', 'list', '--tenant', 'x'], { fault: { code: 'FORBIDDEN' } }],
  [4, 'identities', ['identities'], { fault: { code: 'UNAUTHENTICATED' } }],
  [4, 'tenants', ['tenants', 'list'], { fault: { code: 'FORBIDDEN' } }],
  [1, 'createTenant', ['tenants', 'create', 'x'], { fault: { code: 'BAD_USER_INPUT' } }],
  [1, 'tenants', ['tenants', 'list'], { fault: { code: 'INTERNAL_SERVER_ERROR' } }],
  [6, 'tenants', ['tenants', 'list'], { fault: { code: 'SERVICE_UNAVAILABLE' } }],
])('exit code %i of %s (%j)', async (code, field, args, answer) => {
  const { run } = await cliWith({ [field]: answer })
  const { exitCode, stdout, stderr } = await run(args)
  expect([exitCode, stdout]).toEqual([code, ''])
  expect(stderr).not.toBe('')
})

test('with --json an expected outcome is data, a fault is not', async () => {
  const outcome = problem('WrongCredentials')
  const { run } = await cliWith({
    verify: outcome,
    tenants: { fault: { code: 'FORBIDDEN', requestId: 'r' } },
  })
  const wrong = await run(['verify', '1', '--json'])
  expect([wrong.exitCode, JSON.parse(wrong.stdout), wrong.stderr]).toEqual([3, outcome.data, ''])
  const forbidden = await run(['tenants', 'list', '--json'])
  expect(forbidden.stdout).toBe('')
  expect(JSON.parse(forbidden.stderr)).toEqual({
    error: { code: 'FORBIDDEN', message: 'Told so.', requestId: 'r' },
  })
})

test('lists: a table for people, whole objects for programs', async () => {
  const delivery = { state: 'QUEUED', attempts: 1, reason: null, updatedAt: null, nextAttemptAt: null }
  const moment = new Date().toISOString()
  const node = {
    id: 'demo.x',
    tenant: { id: 'demo', name: 'Demo' },
    email: 'a\u001bb@x',
    createdAt: moment,
    expiresAt: moment,
    delivery,
  }
  const page = { nodes: [node], pageInfo: { hasNextPage: true, endCursor: 'c' }, totalCount: 9 }
  const { run, calls } = await cliWith({ identities: { data: page } })
  const people = await run(['identities', '--tenant', 'demo', '--email', 'e', '--first', '1'])
  expect(people.stdout).toMatch(
    /^EMAIL\s+MAIL\s+CREATED\s+EXPIRES IN\s+ID\na�b@x\s+queued\s+just now\s+expired\s+demo\.x\n$/,
  )
  expect(people.stderr).toContain('The newest 1 of 9')
  expect(calls[0]?.variables).toEqual({ first: 1, filter: { email: 'e', tenantId: 'demo' } })
  expect(JSON.parse((await run(['identities', '--json'])).stdout)).toEqual(page)
})

test('a key is printed alone, and only for whom it was asked', async () => {
  const created = { apiKey: { id: 'k' }, key: 'ea_new' }
  const { run, calls } = await cliWith({ createApiKey: { data: created } })
  expect((await run(['keys', 'create', '--name', 'n', '--tenant', 'shop'])).stdout).toBe('ea_new\n')
  await run(['keys', 'create', '--name', 'n', '--admin'])
  expect(calls.map(({ variables }) => variables.input)).toEqual([
    { scope: 'TENANT', tenantId: 'shop', name: 'n' },
    { scope: 'ADMIN', name: 'n' },
  ])
})

test.each([
  [[]],
  [['nonsense']],
  [['regster']],
  [['register']],
  [['register', '--emial', 'x']],
  [['register', '--email']],
  [['verify']],
  [['verify', '1', '--nonsense']],
  [['resend', 'a', 'b']],
  [['identities', '--first', '0']],
  [['identities', '--first', '1e2']],
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
  const { exitCode, stdout, stderr } = await runCli(args)
  expect([exitCode, stdout]).toEqual([64, ''])
  expect(stderr).not.toContain('    at ')
})

test('a slip of the fingers gets a suggestion', async () => {
  expect((await runCli(['regster'])).stderr).toContain('Did you mean register?')
  expect((await runCli(['register', '--emial', 'x'])).stderr).toContain('Did you mean --email?')
})

test('help and version are no errors, and examples come first', async () => {
  for (const args of [['--help'], ['register', '-h'], ['help', 'verify'], ['keys', 'create', '--help']]) {
    const { exitCode, stdout, stderr } = await runCli(args)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Examples:\n {2}\S/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
  expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('where nobody can be asked nothing is destroyed without --yes', async () => {
  const { run, calls } = await cliWith({ revokeIdentity: { data: true }, revokeApiKey: { data: true } })
  for (const args of [
    ['revoke', 'demo.x'],
    ['keys', 'revoke', 'k'],
    ['tenants', 'delete', 'x'],
    ['revoke', 'demo.x', '--no-input'],
  ]) {
    expect((await run(args)).exitCode).toBe(64)
  }
  expect(calls).toEqual([])
})

test('without a key: 4, without a server: 6', async () => {
  expect((await runCli(['identities'])).exitCode).toBe(4)
  const away = { EMAILAUTH_URL: 'http://127.0.0.1:1', EMAILAUTH_API_KEY: 'k' }
  expect(await runCli(['identities'], { env: away })).toMatchObject({ exitCode: 6, stdout: '' })
})

test('the project file is found, its keys fit their commands, and they go nowhere else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-cli-'))
  try {
    gateway = await startGateway({
      register: { data: registered },
      tenants: { data: [] },
      revokeIdentity: { data: true },
    })
    const below = join(folder, 'src', 'deep')
    await mkdir(join(folder, '.emailauth'))
    await mkdir(below, { recursive: true })
    const credentials = { url: gateway.url, apiKey: 'tenant-key', adminKey: 'admin-key', inboxUrl: null }
    await writeCredentials(join(folder, '.emailauth', 'credentials.json'), credentials)
    await runCli([...REGISTER, 't'], { folder: below })
    await runCli(['tenants', 'list'], { folder: below })
    await runCli(['revoke', 'demo.x', '--yes'], { folder: below })
    expect(gateway.calls.map(({ authorization }) => authorization)).toEqual([
      'Bearer tenant-key',
      'Bearer admin-key',
      'Bearer admin-key',
    ])
    expect(
      (await runCli(['tenants', 'list', '--url', 'http://127.0.0.1:1'], { folder: below })).exitCode,
    ).toBe(4)
    expect((await runCli(['inbox'], { folder: below })).stderr).toContain('no built-in inbox')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a reader that has seen enough is no error', async () => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, 'completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [exitCode] = await once(child, 'close')
  expect([exitCode, stderr]).toEqual([0, ''])
})

test.each(['bash', 'zsh', 'fish', 'powershell'])('completion for %s', async (shell) => {
  const { exitCode, stdout } = await runCli(['completion', shell])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('emailauth')
})

test('completion knows commands and options', async () => {
  expect((await runCli(['complete', '--', 're'])).stdout).toMatch(/^register\t/)
  expect((await runCli(['complete', '--', 'register', '--l'])).stdout).toMatch(/^--locale\t/)
})
