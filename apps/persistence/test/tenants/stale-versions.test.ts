import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'
import { openStoreAt, type TestStore } from '../store.ts'

// Two processes on one Redis: what one of them has read may be old.
let service: TestService
let other: TestStore
beforeAll(async () => {
  service = await openService()
  other = await openStoreAt(service.it.url, { secret: service.it.secret })
})
afterAll(async () => {
  await other?.close()
  await service?.close()
})

const ROUNDS = 20

async function newTenant(id: string) {
  await service.call('POST', '/v1/tenants', { id, name: 'Before' })
  return `/v1/tenants/${id}`
}

const actsOf = async (tenantId: string, type: string) =>
  (await service.call('GET', `/v1/events?tenantId=${tenantId}&types=${type}`)).body.events

test('of two changes of one version exactly one takes effect, in two processes too', async () => {
  await newTenant('raced')
  for (let version = 1; version <= ROUNDS; version++) {
    const outcomes = await Promise.all(
      [service.it.store, other.store].map((store, at) =>
        store.tenants.update('raced', {
          settings: { ttlSeconds: 100 + 2 * version + at },
          ifVersion: version,
        }),
      ),
    )
    expect(outcomes.filter((outcome) => 'tenant' in outcome)).toHaveLength(1)
    expect(outcomes).toContainEqual({ stale: version + 1 })
  }
  const { settings } = (await service.call('GET', '/v1/tenants/raced')).body
  expect(settings.version).toBe(ROUNDS + 1)
})

test('of two changes of one version of an endpoint exactly one takes effect', async () => {
  await newTenant('hooked')
  const url = 'https://receiver.example.com/'
  const { id } = (await service.call('POST', '/v1/webhooks', { tenantId: 'hooked', url })).body.endpoint
  for (let version = 1; version <= ROUNDS; version++) {
    const outcomes = await Promise.all(
      [service.it.store, other.store].map((store, at) =>
        store.webhooks.update(id, { description: `${version}.${at}`, ifVersion: version }),
      ),
    )
    expect(outcomes).toContainEqual(expect.objectContaining({ version: version + 1 }))
    expect(outcomes).toContainEqual({ stale: version + 1 })
  }
})

test('a change of an older version is refused with the version now, and leaves no entry in the audit log', async () => {
  const path = await newTenant('edited')
  const changed = await service.call('PATCH', path, { settings: { ttlSeconds: 900 }, ifVersion: 1 })
  expect(changed.body.settings).toMatchObject({ ttlSeconds: 900, version: 2 })
  const refused = await service.call('PATCH', path, { settings: { ttlSeconds: 300 }, ifVersion: 1 })
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'stale-version', field: 'ifVersion', currentVersion: 2 },
  })
  const acts = await actsOf('edited', 'tenant.updated')
  expect(acts).toHaveLength(1)
  // So it can be found who made this version.
  expect(acts[0].changes).toContainEqual({ field: 'settings.version', before: '1', after: '2' })
  // A caller that names no version goes on as before.
  expect((await service.call('PATCH', path, { settings: { ttlSeconds: 300 } })).status).toBe(200)
})

test('a name is a change of its own, a suspension none', async () => {
  const path = await newTenant('named')
  await service.call('PATCH', path, { name: 'After' })
  await service.call('PATCH', path, { status: 'disabled' })
  expect((await service.call('PATCH', path, { name: 'Late', ifVersion: 1 })).body.currentVersion).toBe(2)
  const both = { name: 'Both', settings: { ttlSeconds: 900 }, ifVersion: 2 }
  expect((await service.call('PATCH', path, both)).body.settings.version).toBe(3)
})

test('an endpoint says its version, and what was changed of it is in the audit log', async () => {
  await newTenant('listed')
  const url = 'https://receiver.example.com/'
  const { id, version } = (await service.call('POST', '/v1/webhooks', { tenantId: 'listed', url })).body
    .endpoint
  expect(version).toBe(1)
  const path = `/v1/webhooks/${id}`
  expect((await service.call('PATCH', path, { enabled: false, ifVersion: 1 })).body.version).toBe(2)
  const refused = await service.call('PATCH', path, { description: 'x', ifVersion: 1 })
  expect(refused).toMatchObject({ status: 409, body: { code: 'stale-version', currentVersion: 2 } })
  const acts = await actsOf('listed', 'webhook.updated')
  expect(acts.map(({ changes }: { changes: object[] }) => changes)).toEqual([
    [
      { field: 'enabled', before: 'true', after: 'false' },
      { field: 'version', before: '1', after: '2' },
    ],
  ])
})
