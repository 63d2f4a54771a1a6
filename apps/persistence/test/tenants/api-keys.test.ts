import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('a key expires by itself, and its use is known to the minute', async () => {
  const expiresAt = new Date(listener.it.clock.ms + 60_000).toISOString()
  const { apiKey, key } = await listener.newKey('demo', { expiresAt })
  expect(apiKey).toMatchObject({ expiresAt, lastUsedAt: null })
  expect((await listener.authenticate(key)).status).toBe(200)
  const usedAt = new Date(listener.it.clock.ms).toISOString()
  listener.it.clock.ms += 59_000
  expect((await listener.authenticate(key)).status).toBe(200)
  listener.it.clock.ms += 1000
  expect((await listener.authenticate(key)).status).toBe(404)
  const { apiKeys } = (await listener.call('GET', '/v1/api-keys?tenantId=demo')).body
  const listed = apiKeys.find(({ id }: { id: string }) => id === apiKey.id)
  expect(listed).toEqual({ ...apiKey, lastUsedAt: usedAt })
})

test('a rotated key goes on for its overlap, and a revoked one never comes back', async () => {
  const { apiKey, key } = await listener.newKey('demo')
  const rotate = (overlapSeconds: number) =>
    listener.call('POST', `/v1/api-keys/${apiKey.id}/rotate`, { overlapSeconds })
  const { body: next } = await rotate(100)
  expect(next.apiKey).toMatchObject({ scope: 'tenant', tenantId: 'demo', name: 'k', expiresAt: null })
  listener.it.clock.ms += 99_000
  for (const one of [key, next.key]) expect((await listener.authenticate(one)).status).toBe(200)
  await rotate(1000)
  listener.it.clock.ms += 1000
  expect((await listener.authenticate(key)).status).toBe(404)
  expect((await rotate(0)).status).toBe(404)
  expect((await listener.authenticate(next.key)).status).toBe(200)
  const id = next.apiKey.id
  await Promise.all([
    listener.call('DELETE', `/v1/api-keys/${id}`),
    ...Array.from({ length: 5 }, () =>
      listener.call('POST', `/v1/api-keys/${id}/rotate`, { overlapSeconds: 1000 }),
    ),
  ])
  expect((await listener.authenticate(next.key)).status).toBe(404)
  expect((await listener.call('POST', '/v1/api-keys/000000000000/rotate', {})).status).toBe(404)
})

test.each(['2001-01-01T00:00:00.000Z', new Date().toISOString()])(
  'a key that ends at %s is no key, and nothing is written down of it',
  async (expiresAt) => {
    const acts = async () =>
      (await listener.it.store.events.page({ audit: true, types: ['key.created'], first: 200 })).events
    const before = await acts()
    const request = { scope: 'tenant', tenantId: 'demo', name: 'late', expiresAt }
    const { status, body } = await listener.call('POST', '/v1/api-keys', request)
    expect([status, body.code, body.field]).toEqual([400, 'bad-input', 'expiresAt'])
    expect(await acts()).toEqual(before)
  },
)
test('a key says who made it; revoked with all that were made with it, none is left, each in the audit log', async () => {
  const make = async (maker: string, body: object) =>
    (
      await listener.call('POST', '/v1/api-keys', body, {
        'x-emailauth-actor': `api-key ${maker}`,
      })
    ).body.apiKey
  const stolen = (await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'stolen' })).body.apiKey
  expect(stolen.createdBy).toEqual({ kind: 'admin', id: 'ada@example.com' })
  const child = await make(stolen.id, { scope: 'admin', name: 'child' })
  const grandchild = await make(child.id, { scope: 'tenant', tenantId: 'demo', name: 'grandchild' })
  const rotated = (
    await listener.call(
      'POST',
      `/v1/api-keys/${grandchild.id}/rotate`,
      {},
      { 'x-emailauth-actor': `api-key ${child.id}` },
    )
  ).body.apiKey
  const other = (await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'other' })).body.apiKey
  expect(rotated.createdBy).toEqual({ kind: 'api-key', id: child.id })
  const keyNamed = async (id: string, query = '') =>
    (await listener.call('GET', `/v1/api-keys${query}`)).body.apiKeys.find(
      (key: { id: string }) => key.id === id,
    )
  expect((await keyNamed(child.id)).createdBy).toEqual({ kind: 'api-key', id: stolen.id })
  expect(await listener.it.redis.get(`ea:key:${stolen.id}`)).not.toContain('ada@')

  await listener.call('DELETE', `/v1/api-keys/${stolen.id}`)
  expect((await keyNamed(child.id)).revokedAt).toBeNull()
  await listener.call('DELETE', `/v1/api-keys/${stolen.id}?alsoMadeByIt=true`)
  for (const [id, query] of [
    [stolen.id, ''],
    [child.id, ''],
    [grandchild.id, '?tenantId=demo'],
    [rotated.id, '?tenantId=demo'],
  ])
    expect((await keyNamed(id, query)).revokedAt, id).not.toBeNull()
  expect((await keyNamed(other.id)).revokedAt).toBeNull()
  const { events } = (await listener.call('GET', '/v1/events?types=key.revoked')).body
  const targets = events.map(({ target }: { target: string }) => target)
  expect(targets).toEqual(expect.arrayContaining([stolen.id, child.id, grandchild.id, rotated.id]))
})

test('a key that has ended makes no other, though a gateway believes in it for seconds, and no act is written down', async () => {
  const acts = async () =>
    (await listener.it.store.events.page({ audit: true, types: ['key.created', 'key.rotated'], first: 200 }))
      .events
  const make = (body: object) => listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'k', ...body })
  const expiresAt = new Date(listener.it.clock.ms + 60_000).toISOString()
  const [expired, revoked, other] = [
    (await make({ expiresAt })).body.apiKey,
    (await make({})).body.apiKey,
    (await make({})).body.apiKey,
  ]
  await listener.call('DELETE', `/v1/api-keys/${revoked.id}`)
  listener.it.clock.ms += 60_000
  const before = await acts()
  for (const { id } of [revoked, expired]) {
    const actor = { 'x-emailauth-actor': `api-key ${id}` }
    const created = await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'heir' }, actor)
    const rotated = await listener.call('POST', `/v1/api-keys/${other.id}/rotate`, {}, actor)
    for (const { status, body } of [created, rotated]) expect([status, body.code]).toEqual([409, 'conflict'])
  }
  expect(await acts()).toEqual(before)
  const { apiKeys } = (await listener.call('GET', '/v1/api-keys')).body
  expect(apiKeys.filter(({ name }: { name: string }) => name === 'heir')).toEqual([])
})

test('a key that has ended changes nothing, though a gateway believes in it for seconds, and may revoke itself again', async () => {
  const make = async () =>
    (await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'k' })).body.apiKey
  const [ended, other] = [await make(), await make()]
  const actor = { 'x-emailauth-actor': `api-key ${ended.id}` }
  const webhook = { tenantId: 'demo', url: 'https://hooks.example/e' }
  const act = { type: 'messages.retried', tenantId: null, target: 'all' }
  const revokeItself = () =>
    listener.call('DELETE', `/v1/api-keys/${ended.id}?alsoMadeByIt=true`, undefined, actor)
  expect((await revokeItself()).status).toBe(204)
  for (const [method, path, body] of [
    ['POST', '/v1/tenants', { id: 'late', name: 'Late' }],
    ['PATCH', '/v1/tenants/demo', { name: 'Late' }],
    ['DELETE', '/v1/tenants/demo', undefined],
    ['POST', '/v1/webhooks', webhook],
    ['POST', '/v1/acts', act],
    ['DELETE', `/v1/api-keys/${other.id}`, undefined],
  ] as const) {
    const { status, body: reply } = await listener.call(method, path, body, actor)
    expect([status, reply.code], `${method} ${path}`).toEqual([409, 'conflict'])
  }
  expect((await revokeItself()).status).toBe(204)
  expect((await listener.call('GET', '/v1/tenants/demo')).body.name).not.toBe('Late')
})

test('no key survives that is made while its maker is revoked, nor one that such a key makes', async () => {
  const make = async (maker?: string) => {
    const actor = maker === undefined ? {} : { 'x-emailauth-actor': `api-key ${maker}` }
    return (await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'k' }, actor)).body
  }
  const made: { apiKey: { id: string }; key: string }[] = []
  /** Makes keys, each with the one before, until one is refused. */
  const chain = async (maker: string, most = 20): Promise<void> => {
    const next = await make(maker)
    if (next.apiKey === undefined) return
    made.push(next)
    if (most > 1) await chain(next.apiKey.id, most - 1)
  }
  for (let round = 0; round < 5; round++) {
    const { apiKey } = await make()
    const child = await make(apiKey.id)
    made.push(child)
    const chains = [apiKey, apiKey, child.apiKey, child.apiKey].map(({ id }) => chain(id))
    await listener.call('DELETE', `/v1/api-keys/${apiKey.id}?alsoMadeByIt=true`)
    await Promise.all(chains)
  }
  for (const { key } of made) expect((await listener.authenticate(key)).status).toBe(404)
})

test.each(['ea:keys:unlisted', 'ea:keys-made-with:000000000000'])(
  'a key that cannot be written to %s is not written at all, because nobody could revoke it',
  async (name) => {
    await listener.call('POST', '/v1/tenants', { id: 'unlisted', name: 'Unlisted' })
    const { redis } = listener.it
    const written = async () => (await redis.keys('ea:key:*')).sort()
    const before = await written()
    const request = { scope: 'tenant', tenantId: 'unlisted', name: 'k' }
    const maker = { 'x-emailauth-actor': 'api-key 000000000000' }
    const create = async () => (await listener.call('POST', '/v1/api-keys', request, maker)).status
    // A string takes neither ZADD nor SADD.
    await redis.set(name, 'a string')
    expect(await create()).toBe(500)
    expect(await written()).toEqual(before)
    await redis.del(name)
    expect(await create()).toBe(201)
  },
)

test('keys come in pages, newest first: those of one moment too, and a page reads no others', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'paged', name: 'Paged' })
  const made: string[] = []
  for (let i = 0; i < 7; i++) {
    made.push((await listener.newKey('paged')).apiKey.id)
    // Two of each moment.
    if (i % 2 === 1) listener.it.clock.ms += 1000
  }
  const whole = (await listener.call('GET', '/v1/api-keys?tenantId=paged')).body
  const idsOf = ({ apiKeys }: { apiKeys: { id: string }[] }) => apiKeys.map(({ id }) => id)
  expect(whole.hasNextPage).toBe(false)
  const seen: string[] = []
  const lengths: number[] = []
  for (let after = '', more = true; more; ) {
    const { body } = await listener.call('GET', `/v1/api-keys?tenantId=paged&first=3${after}`)
    seen.push(...idsOf(body))
    lengths.push(idsOf(body).length)
    after = `&after=${seen.at(-1)}`
    more = body.hasNextPage
  }
  expect([lengths, seen]).toEqual([[3, 3, 1], idsOf(whole)])
  expect([...seen].sort()).toEqual([...made].sort())
  // A key without a record is passed over, and the page is full all the same.
  await listener.it.redis.del(`ea:key:${seen[1]}`)
  const { body } = await listener.call('GET', '/v1/api-keys?tenantId=paged&first=3')
  expect(idsOf(body)).toEqual([seen[0], seen[2], seen[3]])
  const unknown = await listener.call('GET', '/v1/api-keys?tenantId=paged&first=3&after=000000000000')
  expect(unknown.body).toEqual({ apiKeys: [], hasNextPage: false })
  for (const query of ['first=0', 'first=201', 'first=x', 'first=1&after=x'])
    expect((await listener.call('GET', `/v1/api-keys?${query}`)).status).toBe(400)
})

test('a read-only admin key is listed among the admin keys, and its successor is read-only too', async () => {
  const request = { scope: 'admin-read-only', name: 'auditors' }
  const { apiKey, key } = (await listener.call('POST', '/v1/api-keys', request)).body
  expect(apiKey).toMatchObject({ scope: 'admin-read-only', tenantId: null })
  expect((await listener.authenticate(key)).body).toMatchObject({ scope: 'admin-read-only' })
  const { apiKeys } = (await listener.call('GET', '/v1/api-keys')).body
  expect(apiKeys.map(({ id }: { id: string }) => id)).toContain(apiKey.id)
  const next = (await listener.call('POST', `/v1/api-keys/${apiKey.id}/rotate`, {})).body
  expect(next.apiKey).toMatchObject({ scope: 'admin-read-only', tenantId: null, name: 'auditors' })
  const ofTenant = await listener.call('POST', '/v1/api-keys', { ...request, scope: 'reader' })
  expect(ofTenant.status).toBe(400)
})
