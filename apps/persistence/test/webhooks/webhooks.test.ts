import { WEBHOOKS_PER_TENANT, type WebhookEndpoint, webhookPosition } from '@emailauth/contracts/webhooks'
import { createLogger } from '@emailauth/service/logging/logger'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { createTenantDeletion } from '../../src/tenants/delete-tenants.ts'
import { DELETED_KEPT_MS } from '../../src/webhooks/webhook-records.ts'
import { URL_OF_RECEIVER, webhookService } from './webhook-service.ts'

const { service, newTenant, create, actsOf } = webhookService()

test('an endpoint is made, listed, changed, stopped and deleted, each act in the audit log', async () => {
  const tenantId = await newTenant()
  const made = await create(tenantId, { description: 'Büro ☕', eventTypes: ['verified', 'verified'] })
  expect(made.status).toBe(201)
  const { endpoint, secret } = made.body
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(endpoint).toMatchObject({
    tenantId,
    url: URL_OF_RECEIVER,
    description: 'Büro ☕',
    eventTypes: ['verified'],
    disabledAt: null,
    previousSecretUntil: null,
  })
  const { id } = endpoint
  expect((await service().call('GET', `/v1/webhooks?tenantId=${tenantId}`)).body.webhooks).toEqual([endpoint])
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body).toEqual(endpoint)
  const changed = await service().call('PATCH', `/v1/webhooks/${id}`, {
    url: 'https://b.example/',
    eventTypes: null,
  })
  expect(changed.body).toMatchObject({ url: 'https://b.example/', eventTypes: null, description: 'Büro ☕' })
  const stopped = await service().call('PATCH', `/v1/webhooks/${id}`, { enabled: false })
  expect(stopped.body).toMatchObject({ disabledReason: 'manual', disabledAt: expect.any(String) })
  const started = await service().call('PATCH', `/v1/webhooks/${id}`, { enabled: true })
  expect(started.body).toMatchObject({ disabledReason: null, disabledAt: null })
  expect((await service().call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
  expect((await service().call('DELETE', `/v1/webhooks/${id}`)).status).toBe(404)
  expect((await service().call('GET', `/v1/webhooks/${id}`)).status).toBe(404)
  expect((await service().call('PATCH', `/v1/webhooks/${id}`, { enabled: true })).status).toBe(404)
  expect((await service().call('POST', `/v1/webhooks/${id}/rotate`, {})).status).toBe(404)
  expect(await actsOf(tenantId)).toEqual([
    ['webhook.deleted', id],
    ['webhook.updated', id],
    ['webhook.updated', id],
    ['webhook.updated', id],
    ['webhook.created', id],
    ['tenant.created', tenantId],
  ])
})

test.each([
  'ftp://receiver.example.com/',
  'http://receiver.example.com/',
  'https://user:pw@receiver.example.com/',
  'https://receiver.example.com/#part',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://10.1.2.3/',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/',
  'https://api.localhost./',
  `https://receiver.example.com/${'x'.repeat(2048)}`,
  'receiver.example.com',
  '',
])('the URL %s is refused, and leaves no entry', async (url) => {
  const tenantId = await newTenant()
  expect((await create(tenantId, { url })).body).toMatchObject({ code: 'bad-input' })
  expect(await actsOf(tenantId)).toEqual([['tenant.created', tenantId]])
})

test('bad types, the tenant of admins and tenants that are not there are refused', async () => {
  const tenantId = await newTenant()
  for (const more of [{ eventTypes: [] }, { eventTypes: ['tenant.created'] }, { description: 'a\nb' }])
    expect((await create(tenantId, more)).status).toBe(400)
  expect((await create('admin')).body.code).toBe('conflict')
  expect((await create('nobody')).body.code).toBe('not-found')
})

test('a tenant has twenty endpoints at most, also of those made at once', async () => {
  const tenantId = await newTenant()
  expect(WEBHOOKS_PER_TENANT).toBe(20)
  const made = await Promise.all(Array.from({ length: 23 }, () => create(tenantId)))
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20)
  expect(made.filter(({ body }) => body.code === 'conflict')).toHaveLength(3)
})

test('of changes of one endpoint at once none is lost', async () => {
  const tenantId = await newTenant()
  const { id } = (await create(tenantId)).body.endpoint
  const changes = [
    { description: 'a' },
    { eventTypes: ['sent'] },
    { url: 'https://c.example/' },
    { enabled: false },
  ]
  await Promise.all(changes.map((change) => service().call('PATCH', `/v1/webhooks/${id}`, change)))
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body).toMatchObject({
    description: 'a',
    eventTypes: ['sent'],
    url: 'https://c.example/',
    disabledReason: 'manual',
  })
})

test('an endpoint that gets nothing through is disabled once, with one event', async () => {
  const tenantId = await newTenant()
  const { id } = (await create(tenantId)).body.endpoint
  const giveUp = (reason = 'failing', version = 1) =>
    service().call('POST', `/v1/webhooks/${id}/give-up`, { reason, version })
  await Promise.all([giveUp(), giveUp(), giveUp()])
  expect((await giveUp('gone')).status).toBe(204)
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body.disabledReason).toBe('failing')
  const disabled = async () =>
    (await service().call('GET', `/v1/events?tenantId=${tenantId}&types=webhook.disabled`)).body.events
  expect(await disabled()).toMatchObject([{ tenantId, identityId: null, target: id }])
  await service().call('PATCH', `/v1/webhooks/${id}`, { enabled: true })
  // Reported late: what failed was the endpoint before it was enabled again.
  for (const version of [1, 2]) await giveUp('gone', version)
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body.disabledReason).toBeNull()
  expect(await disabled()).toHaveLength(1)
  await giveUp('gone', 3)
  expect(await disabled()).toHaveLength(2)
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body.disabledReason).toBe('gone')
  const [mark = ''] = await service().it.redis.keys(`ea:{${tenantId}:00}:o:webhook.disabled:*`)
  const leftMs = await service().it.redis.pttl(mark)
  expect(leftMs).toBeGreaterThan(3_000_000)
  expect(leftMs).toBeLessThanOrEqual(3_600_000)
})

test('endpoints go with their tenant, and the mailer is notified', async () => {
  const tenantId = await newTenant()
  const { id } = (await create(tenantId)).body.endpoint
  await service().call('DELETE', `/v1/tenants/${tenantId}`)
  expect((await create(tenantId)).body.code).toBe('not-found')
  const logger = createLogger('test', 'silent')
  const deletion = createTenantDeletion({ ...service().it.store, redis: service().it.redis, logger })
  await eventually(async () => expect((await deletion.work()).gone).toEqual([tenantId]))
  expect(await service().it.redis.keys(`ea:{${tenantId}:*`)).toEqual([])
  expect(await service().it.redis.zscore('ea:webhooks:tenants', tenantId)).toBeNull()
  const { deleted } = (await service().call('POST', '/v1/webhook-outbox/lease')).body
  expect(deleted).toContain(id)
  expect(DELETED_KEPT_MS).toBe(7 * 86_400_000)
  expect(await service().it.redis.pttl('ea:webhooks:deleted')).toBeGreaterThan(DELETED_KEPT_MS - 60_000)
  await service().call('POST', '/v1/webhook-outbox/acknowledge', { entries: [], deleted: [id] })
  expect((await service().call('POST', '/v1/webhook-outbox/lease')).body.deleted).not.toContain(id)
})

test('the endpoints of all tenants come in pages, each once, also when one of them goes meanwhile', async () => {
  const made: WebhookEndpoint[] = []
  for (const of of [await newTenant(), await newTenant()]) {
    for (let at = 0; at < 3; at++) made.push((await create(of)).body.endpoint)
  }
  const ids = made.sort((a, b) => (webhookPosition(a) < webhookPosition(b) ? -1 : 1)).map(({ id }) => id)
  const seen: string[] = []
  let after: string | undefined
  let hasMore = true
  while (hasMore) {
    const query = new URLSearchParams({ first: '2', ...(after !== undefined && { after }) })
    const { body } = await service().call('GET', `/v1/webhooks/all?${query}`)
    expect(body.webhooks.length).toBeLessThanOrEqual(2)
    seen.push(...body.webhooks.map(({ id }: { id: string }) => id))
    const last = body.webhooks.at(-1)
    if (last?.id === ids[1])
      expect((await service().call('DELETE', `/v1/webhooks/${ids[1]}`)).status).toBe(204)
    after = last === undefined ? after : webhookPosition(last)
    hasMore = body.hasMore
  }
  // Endpoints of other tests may stand between them.
  expect(seen.filter((id) => ids.includes(id))).toEqual(ids)
  expect(new Set(seen).size).toBe(seen.length)
  const [of = ''] = (ids[5] ?? '').split('.')
  const one = await service().call('GET', `/v1/webhooks/all?first=200&tenantId=${of}`)
  expect(one.body).toMatchObject({ hasMore: false, webhooks: ids.slice(3).map((id) => ({ id })) })
  for (const wrong of ['first=0', 'first=201', 'first=2&tenantId=A'])
    expect((await service().call('GET', `/v1/webhooks/all?${wrong}`)).status).toBe(400)
})
