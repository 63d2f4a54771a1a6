import { randomUUID } from 'node:crypto'
import { parseApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { createBuiltInTenants } from '../../src/tenants/built-in.ts'
import { openTestStore, type TestStore } from '../store.ts'

const serviceToken = 's'.repeat(32)
const authorization = `Bearer ${serviceToken}`
let it: TestStore
let app: FastifyInstance

beforeAll(async () => {
  it = await openTestStore('redis-server')
  await createBuiltInTenants(it.store.tenants)
  app = await buildPersistence({ store: it.store, serviceToken })
})
afterAll(async () => {
  await app?.close()
  await it?.close()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const call = (method: Method, url: string, payload?: object) =>
  app.inject({ method, url, headers: { authorization }, ...(payload === undefined ? {} : { payload }) })
const registration = (more: object = {}) => ({
  tenantId: 'demo',
  requestId: randomUUID(),
  email: `${randomUUID()}@example.com`,
  token: 'hello',
  ...more,
})

test('register, look up, verify, gone', async () => {
  const made = await call('POST', '/v1/registrations', registration())
  expect(made.statusCode).toBe(201)
  const { identityId, number, email } = made.json()
  const shown = await call('GET', `/v1/identities/${identityId}`)
  expect(shown.json()).toEqual({
    id: identityId,
    tenantId: 'demo',
    email,
    createdAt: made.json().createdAt,
    expiresAt: made.json().expiresAt,
  })
  const verification = { tenantId: 'demo', requestId: randomUUID(), number }
  const verified = await call('POST', '/v1/verifications', verification)
  expect(verified.json()).toMatchObject({ identityId, email, token: 'hello' })
  expect((await call('GET', `/v1/identities/${identityId}`)).statusCode).toBe(404)
  const again = await call('POST', '/v1/verifications', { ...verification, requestId: randomUUID() })
  expect([again.statusCode, again.json().code]).toEqual([404, 'wrong-credentials'])
})

test('an id of 100 characters is looked up; a longer one ends the reading of its URL', async () => {
  for (const method of ['GET', 'DELETE'] as const) {
    expect((await call(method, `/v1/identities/${'x'.repeat(100)}`)).statusCode).toBe(404)
    expect((await call(method, `/v1/identities/${'x'.repeat(101)}`)).statusCode).toBe(414)
  }
})

test('in a batch each call stands for itself, and answers come in order', async () => {
  const requests = [
    registration(),
    registration({ email: 'nobody' }),
    registration({ tenantId: 'nowhere' }),
    registration({ token: '' }),
  ]
  const reply = await call('POST', '/v1/registrations/batch', { requests })
  const { results } = reply.json()
  expect(results.map((result: { problem?: { code: string } }) => result.problem?.code)).toEqual([
    undefined,
    'bad-input',
    'not-found',
    'bad-input',
  ])
  const numbers = [results[0].registration.number, '0'.repeat(12)]
  const verified = await call('POST', '/v1/verifications/batch', {
    requests: numbers.map((number) => ({ tenantId: 'demo', requestId: randomUUID(), number })),
  })
  expect(verified.json().results).toMatchObject([
    { verification: { token: 'hello' } },
    { problem: { code: 'wrong-credentials' } },
  ])
})

test.each([
  ['POST', '/v1/registrations', registration({ expiresInSeconds: 59 })],
  ['POST', '/v1/registrations', registration({ expiresInSeconds: 86_401 })],
  ['POST', '/v1/registrations', registration({ token: 5 })],
  ['POST', '/v1/registrations', registration({ tenantId: 'a:{b}*' })],
  ['POST', '/v1/registrations', registration({ idempotencyKey: '' })],
  ['POST', '/v1/registrations', registration({ clientIp: 4 })],
  ['POST', '/v1/verifications', { tenantId: 'demo', requestId: 'r', number: '1'.repeat(257) }],
  ['POST', '/v1/registrations/batch', { requests: [] }],
  ['POST', '/v1/tenants', { id: 'UPPER', name: 'x' }],
  ['POST', '/v1/tenants', { id: 'ok', name: 'two\nlines' }],
  ['POST', '/v1/tenants', { id: 'ok', name: 'x', settings: { verification: 'BOUND', boundDigits: 6 } }],
  ['POST', '/v1/api-keys', { scope: 'root', name: 'x' }],
  ['GET', '/v1/identities?first=0', undefined],
  ['GET', '/v1/identities?after=%7B%7D', undefined],
] as const)('%s %s %j is bad input', async (method, url, payload) => {
  const reply = await call(method, url, payload)
  expect([reply.statusCode, reply.json().code]).toEqual([400, 'bad-input'])
})

test('tenants: made once, listed, and their identities apart', async () => {
  const made = await call('POST', '/v1/tenants', { id: 'shop', name: ' The Shop ' })
  expect(made.json()).toMatchObject({
    id: 'shop',
    name: 'The Shop',
    settings: { verification: 'NUMBER', ttlSeconds: 600 },
  })
  expect((await call('POST', '/v1/tenants', { id: 'shop', name: 'Again' })).json().code).toBe('conflict')
  const { tenants } = (await call('GET', '/v1/tenants')).json()
  expect(tenants.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual([
    ['admin', 'emailauth'],
    ['demo', 'Demo'],
    ['shop', 'The Shop'],
  ])
  const { identityId } = (await call('POST', '/v1/registrations', registration({ tenantId: 'shop' }))).json()
  const mine = (await call('GET', '/v1/identities?tenantId=shop')).json()
  expect(mine.items.map(({ identity }: { identity: { id: string } }) => identity.id)).toEqual([identityId])
  await call('POST', '/v1/registrations', registration())
  expect((await call('GET', '/v1/identities')).json().totalCount).toBe(mine.totalCount + 1)
  expect((await call('DELETE', `/v1/identities/${identityId}`)).statusCode).toBe(204)
  expect((await call('DELETE', `/v1/identities/${identityId}`)).statusCode).toBe(404)
})

test('a tenant changes in what is given, and only to what keeps numbers safe', async () => {
  await call('POST', '/v1/tenants', { id: 'bank', name: 'Bank', settings: { ttlSeconds: 120 } })
  const patch = (payload: object) => call('PATCH', '/v1/tenants/bank', payload)
  const changed = await patch({ settings: { missBudgetPerHour: 500 } })
  expect(changed.json()).toMatchObject({
    name: 'Bank',
    settings: { ttlSeconds: 120, missBudgetPerHour: 500 },
  })
  const risky = await patch({ settings: { verification: 'BOUND', boundDigits: 6 } })
  expect(risky.json().detail).toContain('5 tries / 10^6')
  for (const settings of [
    { missBudgetPerHour: 9 },
    { ttlSeconds: 1 },
    { mailsPerAddress: [] },
    { boundTries: 0 },
  ]) {
    expect((await patch({ settings })).statusCode).toBe(400)
  }
  expect((await call('GET', '/v1/tenants/bank')).json()).toEqual(changed.json())
  expect((await call('PATCH', '/v1/tenants/nobody', { name: 'x' })).statusCode).toBe(404)
})

test('API keys: shown once, authenticated by digest, revoked for good', async () => {
  const made = (await call('POST', '/v1/api-keys', { scope: 'tenant', tenantId: 'demo', name: 'web' })).json()
  const parts = parseApiKey(made.key)
  const ask = (secret: string) =>
    call('POST', '/v1/api-keys/authenticate', { keyId: made.apiKey.id, secretDigest: hashSecret(secret) })
  expect((await ask(parts?.secret ?? '')).json()).toEqual(made.apiKey)
  expect((await ask('x'.repeat(32))).statusCode).toBe(404)
  const listed = await call('GET', '/v1/api-keys?tenantId=demo')
  expect(listed.json().apiKeys).toEqual([{ ...made.apiKey, lastUsedAt: expect.stringMatching(/Z$/) }])
  expect(listed.body).not.toContain(hashSecret(parts?.secret ?? ''))
  expect((await call('DELETE', `/v1/api-keys/${made.apiKey.id}`)).statusCode).toBe(204)
  expect((await ask(parts?.secret ?? '')).statusCode).toBe(404)
  expect((await call('DELETE', '/v1/api-keys/000000000000')).statusCode).toBe(404)
  const admin = (await call('POST', '/v1/api-keys', { scope: 'admin', name: 'ops' })).json()
  expect(admin.apiKey).toMatchObject({ scope: 'admin', tenantId: null })
  expect((await call('GET', '/v1/api-keys')).json().apiKeys).toEqual([admin.apiKey])
})

test('a dump of Redis gives away neither number, address nor token, and every key of an identity has a TTL', async () => {
  const token = `planted-token-${randomUUID()}`
  const email = `planted-${randomUUID()}@example.com`
  const { number } = (await call('POST', '/v1/registrations', registration({ token, email }))).json()
  const used = (await call('POST', '/v1/registrations', registration({ token, email: `2${email}` }))).json()
  await call('POST', '/v1/verifications', { tenantId: 'demo', requestId: 'planted', number: used.number })
  const names = await it.redis.keysBuffer('*')
  expect(names.length).toBeGreaterThan(5)
  for (const name of names) {
    const value = await it.redis.dumpBuffer(name)
    for (const secret of [token, email, `2${email}`, number, used.number]) {
      expect(name.includes(secret), `${name} holds ${secret}`).toBe(false)
      expect(value?.includes(secret) ?? false, `the value of ${name} holds ${secret}`).toBe(false)
    }
    if (name.toString('latin1').includes('{'))
      expect(await it.redis.pttl(name), name.toString('latin1')).toBeGreaterThan(0)
  }
})

test('the OpenAPI document names every route', async () => {
  const { paths } = (await call('GET', '/openapi.json')).json()
  expect(Object.keys(paths).sort()).toEqual([
    '/v1/acts',
    '/v1/api-keys',
    '/v1/api-keys/authenticate',
    '/v1/api-keys/{id}',
    '/v1/api-keys/{id}/rotate',
    '/v1/diagnostics',
    '/v1/events',
    '/v1/exchanges',
    '/v1/hosted-verifications',
    '/v1/identities',
    '/v1/identities/{id}',
    '/v1/key-ring',
    '/v1/mail-refunds',
    '/v1/passkey-challenges/claim',
    '/v1/passkeys',
    '/v1/passkeys/{id}',
    '/v1/passkeys/{id}/use',
    '/v1/redis-servers',
    '/v1/refusals',
    '/v1/registrations',
    '/v1/registrations/batch',
    '/v1/resends',
    '/v1/sessions',
    '/v1/sessions/authenticate',
    '/v1/sessions/{id}',
    '/v1/sign-ins',
    '/v1/sign-ins/finish',
    '/v1/statistics',
    '/v1/status',
    '/v1/store-time',
    '/v1/tenants',
    '/v1/tenants/{id}',
    '/v1/tenants/{id}/sender',
    '/v1/tenants/{tenantId}/events/{cursor}',
    '/v1/verifications',
    '/v1/verifications/batch',
    '/v1/webhook-outbox/acknowledge',
    '/v1/webhook-outbox/lease',
    '/v1/webhooks',
    '/v1/webhooks/all',
    '/v1/webhooks/{id}',
    '/v1/webhooks/{id}/give-up',
    '/v1/webhooks/{id}/rotate',
    '/v1/webhooks/{id}/sealed',
  ])
})

test('every route is closed to strangers', async () => {
  const { paths } = (await call('GET', '/openapi.json')).json()
  for (const [path, methods] of Object.entries(paths as Record<string, object>)) {
    for (const method of Object.keys(methods)) {
      const reply = await app.inject({
        method: method.toUpperCase() as Method,
        url: path.replace(/\{.*?\}/g, 'x'),
      })
      expect([path, method, reply.statusCode]).toEqual([path, method, 401])
    }
  }
})
