import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('what admins do stands in the log, with who did it', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'audited', name: 'A' })
  const { apiKey } = await listener.newKey('audited')
  await listener.call('DELETE', `/v1/api-keys/${apiKey.id}`)
  await listener.call('PATCH', '/v1/tenants/audited', { status: 'disabled' })
  const { events } = (await listener.call('GET', '/v1/events?tenantId=audited')).body
  const ada = { kind: 'admin', id: 'ada@example.com' }
  expect(events).toMatchObject([
    { type: 'tenant.disabled', actor: ada, target: 'audited', tenantId: 'audited', identityId: null },
    { type: 'key.revoked', actor: ada, target: apiKey.id },
    { type: 'key.created', actor: ada },
    { type: 'tenant.created', actor: ada },
  ])
  expect((await listener.call('GET', '/v1/events?tenantId=audited&audit=false')).body.events).toEqual([])
  for (const key of await listener.it.redis.keys('ea:audit:*')) {
    expect(await listener.it.redis.pttl(key), key).not.toBe(-1)
  }
})

test.each([
  'after=x',
  'after=0&before=0',
  'types=nonsense',
  'first=201',
  'audit=perhaps',
  'tenantId=%7B*%7D',
])('GET /v1/events?%s is bad input', async (query) => {
  expect((await listener.call('GET', `/v1/events?${query}`)).body.code).toBe('bad-input')
})

test.each([
  'from=yesterday',
  'from=2026-01-01T00:00:00Z&step=minute',
  'from=2036-01-01T00:00:00Z',
  'step=hour',
])('GET /v1/statistics?%s is bad input', async (query) => {
  expect((await listener.call('GET', `/v1/statistics?${query}`)).body.code).toBe('bad-input')
})
