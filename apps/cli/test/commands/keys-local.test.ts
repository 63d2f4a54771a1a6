import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { sharedEnv, startPersistence, type TestService } from '@emailauth/testing/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

let redis: TestRedis
let persistence: TestService
let shared: ReturnType<typeof sharedEnv>
beforeAll(async () => {
  redis = await startRedis()
  shared = sharedEnv(redis.url)
  persistence = await startPersistence({ env: shared })
})
afterAll(async () => {
  await persistence.stop()
  await redis.stop()
})

/** Creates a key as on persistence's host, in its environment. */
const create = (args: readonly string[], changes: Readonly<Record<string, string>> = {}) => {
  const { port } = new URL(persistence.url)
  const { EMAILAUTH_SERVICE_TOKEN } = shared
  const env = { EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_PERSISTENCE_PORT: port, EMAILAUTH_ENV_FILE: 'none' }
  return runHere(['keys', 'create', '--name', 'first', '--local', ...args], { env: { ...env, ...changes } })
}

/** The admin keys, or those of a tenant, as persistence lists them. */
async function keysOf(query = '') {
  const authorization = `Bearer ${shared.EMAILAUTH_SERVICE_TOKEN}`
  const reply = await fetch(`${persistence.url}/v1/api-keys${query}`, { headers: { authorization } })
  return ((await reply.json()) as { apiKeys: { id: string; name: string; scope: string }[] }).apiKeys
}

test('the first admin key comes from persistence itself, without a gateway and without another key', async () => {
  const { exitCode, stdout, stderr } = await create(['--admin'])
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Keep it safe')])
  const [, id] = /^ea_([0-9a-z]{12})_[\w-]+\n$/.exec(stdout) ?? []
  expect(await keysOf()).toContainEqual(expect.objectContaining({ id, name: 'first', scope: 'admin' }))
})

test('a key of a tenant and one that only reads are made in the same way', async () => {
  const tenant = await create(['--tenant', 'demo', '--json'])
  const { apiKey } = JSON.parse(tenant.stdout)
  expect(apiKey).toMatchObject({ scope: 'tenant', tenantId: 'demo' })
  expect(await keysOf('?tenantId=demo')).toContainEqual(expect.objectContaining({ id: apiKey.id }))
  const reads = await create(['--admin', '--read-only', '--json'])
  expect(JSON.parse(reads.stdout).apiKey).toMatchObject({ scope: 'admin-read-only' })
})

test('without the right token, without persistence or for a tenant that is not there, no key is made', async () => {
  const before = await keysOf()
  // Empty counts as not set, and the data folder has no secrets.
  const without = await create(['--admin'], { EMAILAUTH_SERVICE_TOKEN: '', EMAILAUTH_HOME: redis.folder })
  expect([without.exitCode, without.stderr]).toEqual([
    4,
    expect.stringContaining('Run this on the host of persistence'),
  ])
  const wrong = await create(['--admin'], { EMAILAUTH_SERVICE_TOKEN: 'f'.repeat(32) })
  expect([wrong.exitCode, wrong.stderr]).toEqual([4, expect.stringContaining('refuses')])
  // Nothing listens on port 1.
  const gone = await create(['--admin'], { EMAILAUTH_PERSISTENCE_URL: 'http://127.0.0.1:1' })
  expect([gone.exitCode, gone.stderr]).toEqual([6, expect.stringContaining('does not answer')])
  const stranger = await create(['--tenant', 'nobody'])
  expect([stranger.exitCode, stranger.stderr]).toEqual([1, expect.stringContaining('made no API key')])
  expect([without, wrong, gone, stranger].map(({ stdout }) => stdout).join('')).toBe('')
  expect(await keysOf()).toEqual(before)
})

test('in the environment of a service, without a clone, the doctor checks what is there', async () => {
  const { EMAILAUTH_SERVICE_TOKEN } = shared
  const { exitCode, stdout } = await runHere(['doctor', '--json'], {
    root: '/app/',
    env: {
      EMAILAUTH_SERVICE_TOKEN,
      EMAILAUTH_PERSISTENCE_URL: persistence.url,
      EMAILAUTH_URL: 'http://127.0.0.1:1',
      EMAILAUTH_ENV_FILE: 'none',
      HOME: '/nowhere',
    },
  })
  expect(exitCode).toBe(1)
  const checks: { name: string; state: string; fix: string | null }[] = JSON.parse(stdout).checks
  expect(checks.map(({ name }) => name).filter((name) => name !== 'Store')).toEqual([
    'Node',
    'Credentials',
    'Gateway',
    'Secret keys',
  ])
  expect(checks.find(({ name }) => name === 'Secret keys')).toMatchObject({ state: 'ok' })
  // The test's Redis keeps nothing on a disk, and here persistence alone can tell.
  expect(checks.find(({ name }) => name === 'Store')).toMatchObject({ state: 'warn' })
  for (const { fix } of checks) expect(fix ?? '').not.toContain('npx emailauth')
})

test('without a clone `up` says that the services are not part of the installation', async () => {
  const { exitCode, stderr } = await runHere(['up'], { root: '/app/', env: { HOME: '/nowhere' } })
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('not part of this installation')])
})
