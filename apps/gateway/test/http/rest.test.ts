import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPERATIONS, openApi } from '../../src/rest/rest-shapes.ts'
import { ask, freshAddress, numberMailedTo, startWorld, type World } from '../world.ts'

let world: World
let testKey: string
beforeAll(async () => {
  world = await startWorld()
  await world.persist('/v1/tenants', { id: 'e2e', name: 'E2E', testMode: true })
  testKey = await world.newKey({ scope: 'tenant', tenantId: 'e2e', name: 'tests' })
})
afterAll(() => world?.stop())

async function post(path: string, body: unknown, key: string | undefined = world.key, more: object = {}) {
  const reply = await world.app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }), ...more },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
}

test('register, resend within the limits, verify once', async () => {
  const email = freshAddress()
  const made = await post('/v1/registrations', { email, token: 'mine', locale: 'es' })
  expect(made).toMatchObject({ status: 201, body: { email, delivery: 'sent', replaced: false } })
  expect(made.headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.any(String) })
  const { identityId } = made.body
  const again = await post('/v1/resends', { identityId })
  expect(again).toMatchObject({ status: 429, body: { code: 'rate-limited', limit: 'email', status: 429 } })
  expect(again.headers['retry-after']).toBe(String(again.body.retryAfterSeconds))
  expect(again.headers['content-type']).toContain('application/problem+json')
  const number = numberMailedTo(world.smtp.mails, email)
  const verified = await post('/v1/verifications', { number, identityId })
  expect(verified).toMatchObject({ status: 200, body: { identityId, email, token: 'mine' } })
  const wrong = await post('/v1/verifications', { number, identityId })
  expect(wrong).toMatchObject({
    status: 404,
    body: { code: 'wrong-credentials', requestId: expect.any(String) },
  })
  expect(await post('/v1/resends', { identityId })).toMatchObject({
    status: 404,
    body: { code: 'identity-not-found' },
  })
})

test('outcomes of test mode come as problems too', async () => {
  const email = (tag: string) => ({ email: `ada+${tag}@test.emailauth.invalid`, token: 't' })
  expect(await post('/v1/registrations', email('rejected'), testKey)).toMatchObject({
    status: 422,
    body: { code: 'email-rejected' },
  })
  expect(await post('/v1/registrations', email('limited-client-ip'), testKey)).toMatchObject({
    status: 429,
    headers: { 'retry-after': '30' },
    body: { limit: 'client-ip', retryAfterSeconds: 30 },
  })
  expect(await post('/v1/registrations', email('deferred'), testKey)).toMatchObject({
    body: { delivery: 'queued' },
  })
})

test('Idempotency-Key is the name of a call, bare or quoted', async () => {
  const call = { email: freshAddress(), token: 't' }
  const first = await post('/v1/registrations', call, world.key, { 'idempotency-key': 'k-1' })
  const second = await post('/v1/registrations', call, world.key, { 'idempotency-key': '"k-1"' })
  expect(second).toMatchObject({ status: 201, body: { identityId: first.body.identityId } })
  const mails = world.smtp.mails.filter(({ to }) => to.includes(call.email))
  expect(mails).toHaveLength(1)
  const other = { ...call, token: 'another' }
  expect(await post('/v1/registrations', other, world.key, { 'idempotency-key': 'k-1' })).toMatchObject({
    status: 409,
    body: { code: 'idempotency-conflict' },
  })
  const both = { ...call, idempotencyKey: 'k-2' }
  expect((await post('/v1/registrations', both, world.key, { 'idempotency-key': 'k-1' })).status).toBe(400)
  expect((await post('/v1/registrations', call, world.key, { 'idempotency-key': 'a b' })).status).toBe(400)
})

test('only a key of a tenant may call', async () => {
  const readOnly = await world.newKey({ scope: 'admin-read-only', name: 'auditors' })
  await world.persist('/v1/tenants', { id: 'disabled', name: 'Disabled' })
  const disabled = await world.newKey({ scope: 'tenant', tenantId: 'disabled', name: 'tests' })
  await ask(world.app, world.adminKey, 'mutation { disableTenant(id: "disabled") { id } }')
  const revoked = await world.newKey({ scope: 'tenant', tenantId: 'demo', name: 'gone' })
  await world.remove(`/v1/api-keys/${revoked.split('_')[1]}`)
  for (const { path } of Object.values(OPERATIONS)) {
    expect((await post(path, {}, readOnly)).status).toBe(403)
    expect((await post(path, {}, disabled)).status).toBe(403)
    expect((await post(path, {}, revoked)).status).toBe(401)
    const stranger = await post(path, {}, '')
    expect(stranger).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect((await post(path, {}, 'ea_nonsense')).status).toBe(401)
    expect((await post(path, {}, world.adminKey)).status).toBe(403)
    const { cookie } = await world.newSession()
    expect((await post(path, {}, '', { cookie })).status).toBe(401)
  }
})

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['an array', []],
  ['null', 'null'],
  ['no token', { email: 'a@b.cd' }],
  ['an empty token', { email: 'a@b.cd', token: '' }],
  ['a lone surrogate', '{"email":"a@b.cd","token":"\\ud800"}'],
  ['no address', { email: 'nobody', token: 't' }],
  ['a short life', { email: 'a@b.cd', token: 't', expiresInSeconds: 59 }],
  ["another tenant's name", { email: 'a@b.cd', token: 't', tenantId: 'other' }],
  ['a request id', { email: 'a@b.cd', token: 't', requestId: 'x' }],
])('%s is bad input, and the value is not repeated', async (_name, body) => {
  const reply = await post('/v1/registrations', body)
  expect(reply).toMatchObject({ status: 400, body: { code: 'bad-input' } })
})

test('the OpenAPI document is served as it is committed', async () => {
  const committed = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'))
  expect(committed, 'npm run openapi').toEqual(JSON.parse(JSON.stringify(openApi())))
  const refs = [...JSON.stringify(committed).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref)
  const named = Object.keys(committed.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect([...new Set(refs)].sort()).toEqual(named.sort())
  const served = await world.app.inject({ method: 'GET', url: '/v1/openapi.json' })
  expect(served.json()).toEqual(committed)
})
