import { createLogger } from '@emailauth/service/logging/logger'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTenantDeletion } from '../../src/tenants/delete-tenants.ts'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('a disabled tenant does nothing, its keys neither, until it is enabled again', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'paused', name: 'Paused' })
  const { key } = await listener.newKey('paused')
  const { body: made } = await listener.register('paused')
  expect((await listener.call('PATCH', '/v1/tenants/paused', { status: 'disabled' })).body.status).toBe(
    'disabled',
  )
  expect((await listener.register('paused')).body.code).toBe('forbidden')
  const verification = { tenantId: 'paused', requestId: 'v', number: made.number }
  expect((await listener.call('POST', '/v1/verifications', verification)).body.code).toBe('forbidden')
  expect((await listener.authenticate(key)).body.code).toBe('forbidden')
  expect((await listener.call('PATCH', '/v1/tenants/paused', { name: 'Still' })).body.status).toBe('disabled')
  await listener.call('PATCH', '/v1/tenants/paused', { status: 'active' })
  expect((await listener.authenticate(key)).status).toBe(200)
  expect((await listener.call('POST', '/v1/verifications', verification)).body.token).toBe('t')
})

test('what another process has changed is read at once', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'elsewhere', name: 'Before' })
  await listener.register('elsewhere')
  const key = 'ea:tenant:elsewhere'
  const stored = String(await listener.it.redis.get(key))
  await listener.it.redis.set(key, stored.replace('Before', 'After'))
  expect((await listener.call('GET', '/v1/tenants/elsewhere')).body.name).toBe('After')
})

test('the tenant of the admins stays as it is, and has no keys', async () => {
  for (const refused of [
    await listener.call('DELETE', '/v1/tenants/admin'),
    await listener.call('PATCH', '/v1/tenants/admin', { status: 'disabled' }),
    await listener.call('POST', '/v1/api-keys', { scope: 'tenant', tenantId: 'admin', name: 'x' }),
  ]) {
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict'])
  }
  expect((await listener.call('PATCH', '/v1/tenants/admin', { status: 'deleting' })).status).toBe(400)
})

test('a deleted tenant is gone whole, and nothing else is', async () => {
  for (const id of ['doomed', 'doomed-2']) {
    await listener.call('POST', '/v1/tenants', { id, name: id })
    for (let i = 0; i < 30; i++) await listener.register(id)
  }
  const { key } = await listener.newKey('doomed')
  const kept = await listener.newKey('doomed-2')
  const keysOf = (id: string) => listener.it.redis.keys(`ea:*${id}[}:]*`)
  const before = (await keysOf('doomed-2')).length
  expect((await listener.call('DELETE', '/v1/tenants/doomed')).body.status).toBe('deleting')
  expect((await listener.call('DELETE', '/v1/tenants/doomed')).status).toBe(202)
  expect((await listener.register('doomed')).body.code).toBe('forbidden')
  expect((await listener.authenticate(key)).status).toBe(404)
  expect((await listener.call('PATCH', '/v1/tenants/doomed', { status: 'active' })).status).toBe(404)
  const { events } = (await listener.call('GET', '/v1/events?types=tenant.enabled')).body
  expect(events.filter(({ target }: { target: string }) => target === 'doomed')).toEqual([])
  expect((await listener.call('POST', '/v1/tenants', { id: 'doomed', name: 'Again' })).status).toBe(409)
  // Another process continues a deletion after a crash.
  const options = { ...listener.it.store, redis: listener.it.redis, logger: createLogger('test', 'silent') }
  const first = createTenantDeletion(options)
  await first.work()
  const second = createTenantDeletion(options)
  await eventually(async () => expect((await second.work()).gone).toEqual(['doomed']))
  expect(await listener.it.redis.keys('ea:*doomed[}:]*')).toEqual([])
  expect(await listener.it.redis.exists('ea:tenant:doomed', `ea:key:${key.split('_')[1]}`)).toBe(0)
  expect((await keysOf('doomed-2')).length).toBe(before)
  expect((await listener.authenticate(kept.key)).status).toBe(200)
  expect((await listener.call('POST', '/v1/tenants', { id: 'doomed', name: 'Again' })).status).toBe(201)
})

test('of changes of one tenant at once none is lost', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'busy', name: 'Busy' })
  const settings = [{ ttlSeconds: 100 }, { locale: 'es' }, { missBudgetPerHour: 77 }, { boundTries: 2 }]
  // More than the attempts of one change.
  const names = Array.from({ length: 150 }, (_, i) => ({ name: `Busy ${i}` }))
  const change = async (body: object) => (await listener.call('PATCH', '/v1/tenants/busy', body)).status
  const [changed, ...named] = await Promise.all([
    Promise.all(settings.map((setting) => change({ settings: setting }))),
    ...names.map(change),
  ])
  // On a busy machine the last ones may have waited too long; they are refused as a whole.
  for (const status of [...changed, ...named]) expect([200, 503]).toContain(status)
  const made = settings.filter((_, i) => changed[i] === 200)
  expect(made).not.toEqual([])
  expect((await listener.call('GET', '/v1/tenants/busy')).body.settings).toMatchObject(
    Object.assign({}, ...made),
  )
})

test('tenants come in pages by id, and a page goes on behind a tenant that is gone', async () => {
  const made = Array.from({ length: 120 }, (_, i) => `zz-page-${String(i).padStart(3, '0')}`)
  // Past the audit log, whose one stream takes entries one after the other.
  for (const id of made) await listener.it.store.tenants.create({ id, name: id })
  const page = async (query: string) => {
    const { body } = await listener.call('GET', `/v1/tenants?${query}`)
    return { ids: body.tenants.map(({ id }: { id: string }) => id), hasNextPage: body.hasNextPage }
  }
  const { ids: whole } = await page('')
  expect(await page('first=200')).toEqual({ ids: whole, hasNextPage: false })
  const seen: string[] = []
  for (let after = '', more = true; more; ) {
    const { ids, hasNextPage } = await page(`first=50${after}`)
    seen.push(...ids)
    after = `&after=${ids.at(-1)}`
    more = hasNextPage
  }
  expect(seen).toEqual(whole)
  // Ids without a tenant are passed over, and the page is full all the same.
  await listener.it.redis.del(...made.slice(0, 60).map((id) => `ea:tenant:${id}`))
  expect(await page(`first=60&after=zz-page-000`)).toEqual({ ids: made.slice(60), hasNextPage: false })
  expect(await page(`first=59&after=zz-page-000`)).toMatchObject({ hasNextPage: true })
  for (const query of ['first=0', 'first=201', 'after=A'])
    expect((await listener.call('GET', `/v1/tenants?${query}`)).status).toBe(400)
})
