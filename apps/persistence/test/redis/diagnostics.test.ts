import type { Finding } from '@emailauth/contracts/diagnostics'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { warnOfFindings } from '../../src/diagnostics/diagnose.ts'
import { examineRedis } from '../../src/diagnostics/hygiene.ts'
import { readRedisServers } from '../../src/diagnostics/redis-servers.ts'
import { openStoreAt, type TestStore } from '../store.ts'

const serviceToken = 's'.repeat(32)
const headers = { authorization: `Bearer ${serviceToken}` }

let server: TestRedis
let it: TestStore
beforeAll(async () => {
  server = await startRedis('--appendonly', 'yes')
  it = await openStoreAt(server.url)
})
afterAll(async () => {
  await it?.close()
  await server?.stop()
})
afterEach(async () => {
  await it.redis.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '0', 'appendonly', 'yes')
  await it.redis.config('RESETSTAT')
})

const short = (findings: readonly Finding[]) => findings.map(({ code, level }) => [code, level])
const ask = async (test: TestStore = it) => {
  const app = await buildPersistence({ store: test.store, serviceToken })
  try {
    const reply = await app.inject({ url: '/v1/diagnostics', headers })
    expect(reply.statusCode).toBe(200)
    return reply.json().findings as Finding[]
  } finally {
    await app.close()
  }
}

test('a Redis as it should be: no findings', async () => {
  expect(await ask()).toEqual([])
})

test('another maxmemory-policy is a warning, and with a limit on memory a failure', async () => {
  await it.redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const [finding] = await ask()
  expect(finding).toMatchObject({ code: 'redis-eviction', level: 'warn' })
  expect(finding?.detail).toContain('maxmemory-policy is allkeys-lru:')
  expect(finding?.detail).toContain('tenants, API keys')
  expect(finding?.fix).toContain('noeviction')
  await it.redis.config('SET', 'maxmemory', '1gb', 'maxmemory-policy', 'volatile-ttl')
  const [limited] = await ask()
  expect(limited).toMatchObject({ code: 'redis-eviction', level: 'fail' })
  expect(limited?.detail).not.toContain('API keys')
})

test('keys that a full Redis has deleted are a failure, also when it deletes none any more', async () => {
  for (let i = 0; i < 20; i++) await it.redis.set(`scratch-${i}`, 'x'.repeat(100_000), 'PX', 60_000)
  // The next to expire goes first.
  await it.redis.config('SET', 'maxmemory', '1mb', 'maxmemory-policy', 'volatile-ttl')
  await it.redis.set('scratch-last', 'x').catch(() => {})
  await it.redis.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction')
  const [finding, ...others] = await ask()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ code: 'redis-eviction', level: 'fail' })
  expect(finding?.detail).toMatch(/^Redis was full and has deleted [1-9]\d* keys since it started\.$/)
  expect(finding?.fix).toContain('restore a backup')
  await it.redis.config('RESETSTAT')
  expect(await ask()).toEqual([])
})

test('no append-only file is a warning, which a start logs too', async () => {
  await it.redis.config('SET', 'appendonly', 'no')
  const [finding] = await ask()
  expect(finding).toMatchObject({ code: 'redis-not-persistent', level: 'warn' })
  const said: unknown[][] = []
  await warnOfFindings(it.store, { warn: (...line: unknown[]) => said.push(line) } as never)
  expect(said).toEqual([[{ finding: 'redis-not-persistent', fix: finding?.fix }, finding?.detail]])
})

test('fewer replicas than the services wait for are a failure', async () => {
  const waiting = await openStoreAt(server.url, {
    secret: it.secret,
    replicas: { count: 2, timeoutMs: 10 },
  })
  try {
    const findings = await ask(waiting)
    expect(short(findings)).toEqual([['redis-replicas', 'fail']])
    expect(findings[0]?.detail).toContain('EMAILAUTH_REDIS_REPLICAS is 2, but 0 replicas are connected')
  } finally {
    await waiting.close()
  }
})

test('where INFO is refused nothing is said, and the store works', async () => {
  await redisCommand(server.port, 'acl', 'setuser', 'blind', 'on', '>pw', '~*', '+@all', '-info')
  const blind = await openStoreAt(server.url.replace('//', '//blind:pw@'), { secret: it.secret })
  try {
    await it.redis.config('SET', 'appendonly', 'no')
    expect(await ask(blind)).toEqual([])
  } finally {
    await blind.close()
  }
})

test('a Redis whose INFO is renamed away has no findings about itself, and no server is listed', async () => {
  const hidden = await startRedis('--rename-command', 'INFO', '')
  const store = await openStoreAt(hidden.url)
  try {
    expect(await ask(store)).toEqual([])
    expect(await readRedisServers(store.redis)).toEqual([])
  } finally {
    await store.close()
    await hidden.stop()
  }
})

test('a Redis that cannot be asked is unavailable, not healthy', async () => {
  const gone = await startRedis()
  const store = await openStoreAt(gone.url)
  const app = await buildPersistence({ store: store.store, serviceToken })
  try {
    await gone.kill()
    const reply = await app.inject({ url: '/v1/diagnostics', headers })
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'unavailable'])
  } finally {
    await app.close()
    await store.close()
    await gone.stop()
  }
})

test.each([
  ['6.0.16', 'fail', 'emailauth needs 6.2 at least'],
  ['6.2.14', 'warn', 'tested on Redis 7 and newer'],
])('an old Redis is a finding: %s', async (version, level, detail) => {
  const text = `redis_version:${version}\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n`
  const findings = await examineRedis({ info: async () => text } as never, 0)
  expect(findings).toMatchObject([
    { code: 'redis-version', level, detail: expect.stringMatching(`^Redis is ${version}; .*${detail}`) },
  ])
})

test('memory, persistence and replicas of the server are read', async () => {
  const app = await buildPersistence({ store: it.store, serviceToken })
  const reply = await app.inject({ url: '/v1/redis-servers', headers })
  await app.close()
  const { servers } = reply.json()
  expect(servers).toHaveLength(1)
  expect(servers[0]).toMatchObject({
    version: expect.stringMatching(/^(Redis|Valkey) \d/),
    maxMemoryBytes: null,
    appendOnly: true,
    lastSaveOk: true,
    replicas: 0,
  })
  expect(servers[0].usedMemoryBytes).toBeGreaterThan(100_000)
})
