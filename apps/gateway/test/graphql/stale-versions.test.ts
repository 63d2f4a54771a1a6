import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const admin = (document: string, input: object) => ask(world.app, world.adminKey, document, { input })

const UPDATE_TENANT = `mutation ($input: UpdateTenantInput!) {
  updateTenant(input: $input) { settings { version ttlSeconds } } }`
const UPDATE_WEBHOOK = `mutation ($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) { endpoint { version description } } }`

test('a change of an older version of a tenant is refused with the version now; the audit log says who made it', async () => {
  await admin('mutation ($input: CreateTenantInput!) { createTenant(input: $input) { id } }', {
    id: 'edited',
    name: 'Edited',
  })
  const change = { id: 'edited', settings: { ttlSeconds: 900 }, ifVersion: 1 }
  const changed = await admin(UPDATE_TENANT, change)
  expect(changed.data.updateTenant.settings).toEqual({ version: 2, ttlSeconds: 900 })
  const refused = await admin(UPDATE_TENANT, { ...change, settings: { ttlSeconds: 300 } })
  expect(refused.data).toEqual({ updateTenant: null })
  expect(refused.errors?.[0]).toMatchObject({
    message: expect.stringContaining('version 2'),
    extensions: { code: 'BAD_USER_INPUT', field: 'ifVersion', currentVersion: 2 },
  })
  const { data } = await ask(
    world.app,
    world.adminKey,
    '{ events(tenantId: "edited", types: [TENANT_UPDATED]) { nodes { actor { kind } changes { field before after } } } }',
  )
  expect(data.events.nodes).toEqual([
    {
      actor: { kind: 'API_KEY' },
      changes: [
        { field: 'settings.ttlSeconds', before: '600', after: '900' },
        { field: 'settings.version', before: '1', after: '2' },
      ],
    },
  ])
  // null is as good as nothing: the change takes effect.
  const forced = await admin(UPDATE_TENANT, { ...change, settings: { ttlSeconds: 300 }, ifVersion: null })
  expect(forced.data.updateTenant.settings).toEqual({ version: 3, ttlSeconds: 300 })
})

test('so is one of a webhook endpoint, by the key of its tenant too', async () => {
  const { data } = await ask(
    world.app,
    world.key,
    'mutation { createWebhookEndpoint(input: { url: "https://receiver.example.com/" }) { endpoint { id version } } }',
  )
  const { id, version } = data.createWebhookEndpoint.endpoint
  expect(version).toBe(1)
  const change = { id, description: 'Shop', ifVersion: 1 }
  const changed = await ask(world.app, world.key, UPDATE_WEBHOOK, { input: change })
  expect(changed.data.updateWebhookEndpoint.endpoint).toEqual({ version: 2, description: 'Shop' })
  const refused = await admin(UPDATE_WEBHOOK, { ...change, description: 'Late' })
  expect(refused.errors?.[0]?.extensions).toMatchObject({ field: 'ifVersion', currentVersion: 2 })
})
