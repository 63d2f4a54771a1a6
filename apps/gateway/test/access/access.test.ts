import { generateApiKey } from '@emailauth/secrets/api-key'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, numberMailedTo, REGISTER, startWorld, VERIFY, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  // The first calls of a starved machine's services may take longer than the gateway waits for them.
  await eventually(async () => {
    const { data } = await ask(world.app, world.key, REGISTER, {
      input: { email: freshAddress(), token: 't' },
    })
    expect(data.register.__typename).toBe('Registered')
  })
})
afterAll(() => world.stop())

// Every root field, and who may call it: the tenant's key, the admin's, nobody without.
const FIELDS: [field: string, tenant: boolean, admin: boolean][] = [
  ['mutation { register(input: { email: "x@example.com", token: "t" }) { __typename } }', true, false],
  ['mutation { verify(input: { number: "1" }) { __typename } }', true, false],
  ['mutation { resend(input: { identityId: "x" }) { __typename } }', true, true],
  ['mutation { revokeIdentity(id: "x") }', true, true],
  ['{ identities { totalCount } }', true, true],
  ['{ identity(id: "x") { id } }', true, true],
  ['{ viewer { scope } }', true, true],
  ['{ tenant(id: "demo") { id } }', true, true],
  ['{ tenants { id } }', false, true],
  ['{ apiKeys { id } }', false, true],
  ['mutation { createTenant(input: { id: "made-here", name: "x" }) { id } }', false, true],
  ['mutation { createApiKey(input: { name: "x", tenantId: "demo" }) { key } }', false, true],
  ['mutation { revokeApiKey(id: "x") }', false, true],
]

test.each(FIELDS)('%s', async (field, tenant, admin) => {
  for (const [key, allowed] of [
    [world.key, tenant],
    [world.adminKey, admin],
  ] as const) {
    const { status, errors } = await ask(world.app, key, field)
    expect(status).toBe(200)
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(allowed ? undefined : ['FORBIDDEN'])
  }
  const { status, headers, errors } = await ask(world.app, undefined, field)
  expect(status).toBe(401)
  expect(headers['www-authenticate']).toBe('Bearer')
  expect(errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED', requestId: headers['x-request-id'] } },
  ])
})

test('a key that is malformed, unknown, cut, or sent in another way is no key', async () => {
  const { key: stranger } = generateApiKey()
  const wrongSecret = stranger.replace(/^ea_\w{12}/, world.key.slice(0, 15))
  const headers = [
    `Bearer ${stranger}`,
    `Bearer ${wrongSecret}`,
    `Bearer ${world.key.slice(0, -1)}`,
    `Bearer ${world.key} ${world.key}`,
    `Bearer  ${world.key}`,
    `Basic ${world.key}`,
    world.key,
    'Bearer',
    'Bearer {}',
    `Bearer ${'x'.repeat(8000)}`,
  ]
  for (const authorization of headers) {
    const reply = await world.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization },
      payload: { query: '{ viewer { scope } }' },
    })
    expect([reply.statusCode, reply.json().errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    expect(reply.body).not.toContain(world.key)
  }
})

test('viewer names the caller', async () => {
  const query =
    '{ viewer { apiKeyId scope tenant { id name settings { ttlSeconds mailsPerAddress { max } } } } }'
  expect((await ask(world.app, world.key, query)).data.viewer).toMatchObject({
    apiKeyId: world.key.split('_')[1],
    scope: 'TENANT',
    tenant: {
      id: 'demo',
      settings: { ttlSeconds: 600, mailsPerAddress: [{ max: 1 }, { max: 5 }, { max: 20 }] },
    },
  })
  expect((await ask(world.app, world.adminKey, query)).data.viewer).toMatchObject({
    scope: 'ADMIN',
    tenant: null,
  })
})

test("another tenant's identities are as if they were not there", async () => {
  const email = freshAddress()
  const registered = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
  const id = registered.data.register.identityId
  const number = numberMailedTo(world.smtp.mails, email)
  const query = `query ($id: ID!, $tenantId: ID!) { identity(id: $id) { id } tenant(id: $tenantId) { id } identities { nodes { id } } }`
  const variables = { id, tenantId: 'demo' }

  expect((await ask(world.app, world.otherKey, query, variables)).data).toEqual({
    identity: null,
    tenant: null,
    identities: { nodes: [] },
  })
  const revoke = 'mutation ($id: ID!) { revokeIdentity(id: $id) }'
  expect((await ask(world.app, world.otherKey, revoke, { id })).data).toEqual({ revokeIdentity: false })
  const wrong = await ask(world.app, world.otherKey, VERIFY, { input: { number } })
  expect(wrong.data.verify.__typename).toBe('WrongCredentials')
  const filtered = await ask(
    world.app,
    world.otherKey,
    '{ identities(filter: { tenantId: "demo" }) { totalCount } }',
  )
  expect(filtered.errors?.[0]?.extensions.code).toBe('FORBIDDEN')

  expect((await ask(world.app, world.adminKey, query, variables)).data).toMatchObject({
    identity: { id },
    tenant: { id: 'demo' },
  })
  expect((await ask(world.app, world.key, revoke, { id })).data).toEqual({ revokeIdentity: true })
  expect((await ask(world.app, world.key, revoke, { id })).data).toEqual({ revokeIdentity: false })
  expect((await ask(world.app, world.key, VERIFY, { input: { number } })).data.verify.__typename).toBe(
    'WrongCredentials',
  )
})

test('a key is made, works, is listed without its secret, and stops working when it is revoked', async () => {
  const made = await ask(
    world.app,
    world.adminKey,
    'mutation { createApiKey(input: { name: "short-lived", tenantId: "other" }) { key apiKey { id scope revokedAt tenant { id } } } }',
  )
  const { key, apiKey } = made.data.createApiKey
  expect(apiKey).toMatchObject({ scope: 'TENANT', revokedAt: null, tenant: { id: 'other' } })
  expect((await ask(world.app, key, '{ viewer { tenant { id } } }')).data.viewer.tenant.id).toBe('other')

  const list = '{ apiKeys(tenantId: "other") { id name revokedAt } }'
  const listed = await ask(world.app, world.adminKey, list)
  expect(listed.data.apiKeys.map(({ name }: { name: string }) => name)).toContain('short-lived')
  // All behind the id: a secret may have an underscore itself.
  const [, secret] = /^ea_\w{12}_(.{32,})$/.exec(key) ?? []
  expect(secret).toBeDefined()
  expect(listed.text).not.toContain(secret)

  const revoke = `mutation { revokeApiKey(id: "${apiKey.id}") }`
  expect((await ask(world.app, world.adminKey, revoke)).data).toEqual({ revokeApiKey: true })
  // At once in this gateway, which forgets it.
  expect((await ask(world.app, key, '{ viewer { scope } }')).status).toBe(401)
})

test('a key that is revoked elsewhere stops working here within 5 s', async () => {
  const { key, apiKey } = (await world.persist('/v1/api-keys', { scope: 'admin', name: 'elsewhere' })) as {
    key: string
    apiKey: { id: string }
  }
  expect((await ask(world.app, key, '{ viewer { scope } }')).status).toBe(200)
  const began = Date.now()
  await world.remove(`/v1/api-keys/${apiKey.id}`)
  await eventually(async () => {
    expect((await ask(world.app, key, '{ viewer { scope } }')).status).toBe(401)
  })
  expectWithin(Date.now() - began, 5000)
})
