import { randomUUID } from 'node:crypto'
import { SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS } from '@emailauth/contracts/sessions'
import { parseApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import { createLogger } from '@emailauth/service/logger'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { createBuiltInTenants } from '../src/tenants/built-in.ts'
import { startTenantDeletion } from '../src/tenants/delete-tenants.ts'
import { openTestStore, type TestStore } from './store.ts'

const serviceToken = 's'.repeat(32)
const actor = 'admin ada%40example.com'
let it: TestStore
let app: FastifyInstance
let url: string

beforeAll(async () => {
  it = await openTestStore('redis-server')
  await createBuiltInTenants(it.store.tenants)
  app = await buildApp({ store: it.store, serviceToken })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app?.close()
  await it?.close()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const headers = { authorization: `Bearer ${serviceToken}`, 'x-emailauth-actor': actor }
const call = async (method: Method, path: string, payload?: object) => {
  const reply = await app.inject({
    method,
    url: path,
    headers,
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
}
const register = (tenantId: string, email = `${randomUUID()}@example.com`) =>
  call('POST', '/v1/registrations', { tenantId, requestId: randomUUID(), email, token: 't' })
const authenticate = (key: string) => {
  const { keyId = '', secret = '' } = parseApiKey(key) ?? {}
  return call('POST', '/v1/api-keys/authenticate', { keyId, secretDigest: hashSecret(secret) })
}
const newKey = async (tenantId: string, more: object = {}) =>
  (await call('POST', '/v1/api-keys', { scope: 'tenant', tenantId, name: 'k', ...more })).body

test('a disabled tenant does nothing, its keys neither, until it is enabled again', async () => {
  await call('POST', '/v1/tenants', { id: 'paused', name: 'Paused' })
  const { key } = await newKey('paused')
  const { body: made } = await register('paused')
  expect((await call('PATCH', '/v1/tenants/paused', { status: 'disabled' })).body.status).toBe('disabled')
  expect((await register('paused')).body.code).toBe('forbidden')
  const verification = { tenantId: 'paused', requestId: 'v', number: made.number }
  expect((await call('POST', '/v1/verifications', verification)).body.code).toBe('forbidden')
  expect((await authenticate(key)).body.code).toBe('forbidden')
  expect((await call('PATCH', '/v1/tenants/paused', { name: 'Still' })).body.status).toBe('disabled')
  await call('PATCH', '/v1/tenants/paused', { status: 'active' })
  expect((await authenticate(key)).status).toBe(200)
  expect((await call('POST', '/v1/verifications', verification)).body.token).toBe('t')
})

test('the tenant of the admins stays as it is, and has no keys', async () => {
  for (const refused of [
    await call('DELETE', '/v1/tenants/admin'),
    await call('PATCH', '/v1/tenants/admin', { status: 'disabled' }),
    await call('POST', '/v1/api-keys', { scope: 'tenant', tenantId: 'admin', name: 'x' }),
  ]) {
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict'])
  }
  expect((await call('PATCH', '/v1/tenants/admin', { status: 'deleting' })).status).toBe(400)
})

test('a deleted tenant is gone whole, and nothing else is', async () => {
  for (const id of ['doomed', 'doomed-2']) {
    await call('POST', '/v1/tenants', { id, name: id })
    for (let i = 0; i < 30; i++) await register(id)
  }
  const { key } = await newKey('doomed')
  const kept = await newKey('doomed-2')
  const keysOf = (id: string) => it.redis.keys(`ea:*${id}[}:]*`)
  const before = (await keysOf('doomed-2')).length
  expect((await call('DELETE', '/v1/tenants/doomed')).body.status).toBe('deleting')
  expect((await call('DELETE', '/v1/tenants/doomed')).status).toBe(202)
  expect((await register('doomed')).body.code).toBe('forbidden')
  expect((await authenticate(key)).status).toBe(404)
  expect((await call('PATCH', '/v1/tenants/doomed', { status: 'active' })).status).toBe(404)
  expect((await call('POST', '/v1/tenants', { id: 'doomed', name: 'Again' })).status).toBe(409)
  // A deletion that a crash ended is gone on with by another process.
  const options = { ...it.store, redis: it.redis, logger: createLogger('test', 'silent') }
  const first = startTenantDeletion(options)
  await first.work()
  first.stop()
  const second = startTenantDeletion(options)
  await eventually(async () => expect(await second.work()).toEqual(['doomed']))
  second.stop()
  expect(await it.redis.keys('ea:*doomed[}:]*')).toEqual([])
  expect(await it.redis.exists('ea:tenant:doomed', `ea:key:${key.split('_')[1]}`)).toBe(0)
  expect((await keysOf('doomed-2')).length).toBe(before)
  expect((await authenticate(kept.key)).status).toBe(200)
  expect((await call('POST', '/v1/tenants', { id: 'doomed', name: 'Again' })).status).toBe(201)
})

test('of changes of one tenant at once none is lost', async () => {
  await call('POST', '/v1/tenants', { id: 'busy', name: 'Busy' })
  const settings = [{ ttlSeconds: 100 }, { locale: 'es' }, { missBudgetPerHour: 77 }, { boundTries: 2 }]
  await Promise.all(settings.map((change) => call('PATCH', '/v1/tenants/busy', { settings: change })))
  expect((await call('GET', '/v1/tenants/busy')).body.settings).toMatchObject(Object.assign({}, ...settings))
})

test('a key expires by itself, and its use is known to the minute', async () => {
  const expiresAt = new Date(it.clock.ms + 60_000).toISOString()
  const { apiKey, key } = await newKey('demo', { expiresAt })
  expect(apiKey).toMatchObject({ expiresAt, lastUsedAt: null })
  expect((await authenticate(key)).status).toBe(200)
  const usedAt = new Date(it.clock.ms).toISOString()
  it.clock.ms += 59_000
  expect((await authenticate(key)).status).toBe(200)
  it.clock.ms += 1000
  expect((await authenticate(key)).status).toBe(404)
  const { apiKeys } = (await call('GET', '/v1/api-keys?tenantId=demo')).body
  const listed = apiKeys.find(({ id }: { id: string }) => id === apiKey.id)
  expect(listed).toEqual({ ...apiKey, lastUsedAt: usedAt })
})

test('a rotated key goes on for its overlap, and a revoked one never comes back', async () => {
  const { apiKey, key } = await newKey('demo')
  const rotate = (overlapSeconds: number) =>
    call('POST', `/v1/api-keys/${apiKey.id}/rotate`, { overlapSeconds })
  const { body: next } = await rotate(100)
  expect(next.apiKey).toMatchObject({ scope: 'tenant', tenantId: 'demo', name: 'k', expiresAt: null })
  it.clock.ms += 99_000
  for (const one of [key, next.key]) expect((await authenticate(one)).status).toBe(200)
  await rotate(1000)
  it.clock.ms += 1000
  expect((await authenticate(key)).status).toBe(404)
  expect((await rotate(0)).status).toBe(404)
  expect((await authenticate(next.key)).status).toBe(200)
  const id = next.apiKey.id
  await Promise.all([
    call('DELETE', `/v1/api-keys/${id}`),
    ...Array.from({ length: 5 }, () => call('POST', `/v1/api-keys/${id}/rotate`, { overlapSeconds: 1000 })),
  ])
  expect((await authenticate(next.key)).status).toBe(404)
  expect((await call('POST', '/v1/api-keys/000000000000/rotate', {})).status).toBe(404)
})

test('sessions: shown once, kept alive by use, never beyond their end, revoked for good', async () => {
  const begin = async () => (await call('POST', '/v1/sessions', { email: 'ada@example.com' })).body
  const ask = ({ session, secret }: { session: { id: string }; secret: string }) =>
    call('POST', '/v1/sessions/authenticate', { sessionId: session.id, secretDigest: hashSecret(secret) })
  const one = await begin()
  expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32)
  expect((await ask(one)).body).toEqual(one.session)
  expect((await ask({ ...one, secret: 'x' })).status).toBe(404)
  const key = `ea:session:${one.session.id}`
  await it.redis.pexpire(key, 1000)
  await ask(one)
  expect(await it.redis.pttl(key)).toBeGreaterThan((SESSION_IDLE_SECONDS - 60) * 1000)
  it.clock.ms += (SESSION_MAX_SECONDS - 60) * 1000
  await ask(one)
  expect(await it.redis.pttl(key)).toBeLessThanOrEqual(60_000)
  it.clock.ms += 60_000
  expect((await ask(one)).status).toBe(404)

  const [two, three] = [await begin(), await begin()]
  expect((await call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(204)
  expect((await call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(404)
  expect((await ask(two)).status).toBe(404)
  const { sessions } = (await call('GET', '/v1/sessions')).body
  expect(sessions.map(({ id }: { id: string }) => id)).toContain(three.session.id)
  expect(JSON.stringify(sessions)).not.toContain(hashSecret(three.secret))
})

test('what admins do stands in the log, with who did it', async () => {
  await call('POST', '/v1/tenants', { id: 'audited', name: 'A' })
  const { apiKey } = await newKey('audited')
  await call('DELETE', `/v1/api-keys/${apiKey.id}`)
  await call('PATCH', '/v1/tenants/audited', { status: 'disabled' })
  const { events } = (await call('GET', '/v1/events?tenantId=audited')).body
  const ada = { kind: 'admin', id: 'ada@example.com' }
  expect(events).toMatchObject([
    { type: 'tenant.disabled', actor: ada, target: 'audited', tenantId: 'audited', identityId: null },
    { type: 'key.revoked', actor: ada, target: apiKey.id },
    { type: 'key.created', actor: ada },
    { type: 'tenant.created', actor: ada },
  ])
  expect((await call('GET', '/v1/events?tenantId=audited&audit=false')).body.events).toEqual([])
  expect(await it.redis.pttl('ea:audit')).toBe(-1)
})

test.each([
  'after=x',
  'after=0&before=0',
  'types=nonsense',
  'first=201',
  'audit=perhaps',
  'tenantId=%7B*%7D',
])('GET /v1/events?%s is bad input', async (query) => {
  expect((await call('GET', `/v1/events?${query}`)).body.code).toBe('bad-input')
})

test.each([
  'from=yesterday',
  'from=2026-01-01T00:00:00Z&step=minute',
  'from=2036-01-01T00:00:00Z',
  'step=hour',
])('GET /v1/statistics?%s is bad input', async (query) => {
  expect((await call('GET', `/v1/statistics?${query}`)).body.code).toBe('bad-input')
})

test('live: what happens is told as it happens, and a caller who was cut off goes on where it was', async () => {
  await call('POST', '/v1/tenants', { id: 'live', name: 'Live' })
  const path = `${url}/v1/events?tenantId=live&audit=false`
  const listen = async (lastEventId: string, want: number) => {
    const gone = new AbortController()
    const accept = 'text/event-stream'
    const reply = await fetch(path, {
      headers: { ...headers, accept, 'last-event-id': lastEventId },
      signal: gone.signal,
    })
    expect(reply.headers.get('content-type')).toContain(accept)
    let text = ''
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk).toString()
      if ([...text.matchAll(/^data: .*\n\n/gm)].length >= want) break
    }
    gone.abort()
    return [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({
      id,
      ...JSON.parse(data),
    }))
  }
  const first = listen('0', 2)
  const made = [await register('live'), await register('live'), await register('live')]
  const [one, two] = await first
  expect(one).toMatchObject({ type: 'registered', identityId: made[0]?.body.identityId, id: one.cursor })
  const rest = await listen(two.id, 1)
  expect(rest[0]?.identityId).toBe(made[2]?.body.identityId)
})

test('a live answer does not hold the close up', async () => {
  const other = await buildApp({ store: it.store, serviceToken })
  const address = await other.listen({ host: '127.0.0.1', port: 0 })
  const reply = await fetch(`${address}/v1/events`, { headers: { ...headers, accept: 'text/event-stream' } })
  const reader = reply.body?.getReader()
  await reader?.read()
  const began = Date.now()
  await other.close()
  expect(Date.now() - began).toBeLessThan(2000)
})
