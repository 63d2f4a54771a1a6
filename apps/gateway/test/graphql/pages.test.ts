import { randomBytes } from 'node:crypto'
import { buildClientSchema, getIntrospectionQuery, isObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const admin = (query: string, variables?: object) => ask(world.app, world.adminKey, query, variables)

/** Registers one address after another and gives when each was registered. */
async function registered(count: number) {
  const all: { email: string; id: string; at: string }[] = []
  for (let n = 0; n < count; n++) {
    const email = freshAddress()
    const { data } = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
    const id: string = data.register.identityId
    const made = await ask(world.app, world.key, 'query ($id: ID!) { identity(id: $id) { createdAt } }', {
      id,
    })
    all.push({ email, id, at: made.data.identity.createdAt })
  }
  return all
}

test('every connection has edges, nodes and pageInfo, and every edge a cursor', async () => {
  const { data } = await admin(getIntrospectionQuery())
  const types = Object.values(buildClientSchema(data).getTypeMap()).filter(isObjectType)
  const connections = types.filter(({ name }) => name.endsWith('Connection'))
  expect(connections.length).toBeGreaterThanOrEqual(8)
  for (const type of connections) {
    const fields = Object.keys(type.getFields())
    expect([type.name, fields]).toEqual([type.name, expect.arrayContaining(['edges', 'nodes', 'pageInfo'])])
  }
  const edges = types.filter(({ name }) => name.endsWith('Edge'))
  expect(edges.map(({ name }) => name).sort()).toEqual(
    connections.map(({ name }) => name.replace('Connection', 'Edge')).sort(),
  )
  for (const type of edges) expect(Object.keys(type.getFields()).sort()).toEqual(['cursor', 'node'])
})

const EVENTS = `query ($from: DateTime, $to: DateTime, $first: Int! = 50, $after: String, $types: [EventType!]) {
  events(from: $from, to: $to, first: $first, after: $after, types: $types) {
    edges { cursor node { cursor at identityId type } } nodes { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`

test('events between two moments, page by page and by type', async () => {
  const all = await registered(4)
  const [, second, , fourth] = all
  const types = ['REGISTERED']
  const range = { from: second?.at, to: fourth?.at, types }
  const { events } = (await admin(EVENTS, range)).data
  const idsOf = (page: typeof events) =>
    page.edges.map(({ node }: { node: { identityId: string } }) => node.identityId)
  const wanted = all
    .filter(({ at }) => at >= String(second?.at) && at < String(fourth?.at))
    .map(({ id }) => id)
  expect(wanted.length).toBeGreaterThan(0)
  expect(idsOf(events).sort()).toEqual([...wanted].sort())
  expect(events.pageInfo.hasNextPage).toBe(false)
  expect(events.pageInfo.startCursor).toBe(events.edges[0].cursor)
  for (const { cursor, node } of events.edges) expect(cursor).toBe(node.cursor)
  const seen: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < 20; pages++) {
    const page: typeof events = (await admin(EVENTS, { ...range, first: 1, after })).data.events
    seen.push(...idsOf(page))
    after = page.pageInfo.endCursor
    if (!page.pageInfo.hasNextPage) break
  }
  expect(seen.sort()).toEqual([...wanted].sort())
  const later = await admin(EVENTS, { from: '2999-01-01T00:00:00Z' })
  expect(later.data.events.edges).toEqual([])
  expect(later.data.events.pageInfo.hasNextPage).toBe(false)
  const empty = await admin(EVENTS, { from: fourth?.at, to: fourth?.at })
  expect(empty.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'to' })
})

const IDENTITIES = `query ($filter: IdentityFilter, $first: Int! = 50, $after: String) {
  identities(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id createdAt } } pageInfo { endCursor hasNextPage }
  }
}`

test('identities registered between two moments, page by page and by address', async () => {
  const all = await registered(4)
  const [first, second, , fourth] = all
  const from = second?.at
  const to = fourth?.at
  const wanted = all.filter(({ at }) => at >= String(from) && at < String(to)).map(({ id }) => id)
  const seen: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < 20; pages++) {
    const variables: object = { filter: { from, to }, first: 1, after }
    const answer: Answer = await ask(world.app, world.key, IDENTITIES, variables)
    const { identities } = answer.data
    seen.push(...identities.edges.map(({ node }: { node: { id: string } }) => node.id))
    after = identities.pageInfo.endCursor
    if (!identities.pageInfo.hasNextPage) break
  }
  expect(seen.sort()).toEqual([...wanted].sort())
  const one = async (filter: object) =>
    (await ask(world.app, world.key, IDENTITIES, { filter })).data.identities.edges.length
  expect(await one({ email: first?.email, to: first?.at })).toBe(0)
  expect(await one({ email: first?.email, from: first?.at })).toBe(1)
  expect(await one({ email: first?.email, from: '2999-01-01T00:00:00Z' })).toBe(0)
  expect(await one({ to: '2000-01-01T00:00:00Z' })).toBe(0)
})

const MESSAGES = `query ($from: DateTime, $to: DateTime, $first: Int! = 50, $after: String) {
  messages(state: SENT, tenantId: "demo", from: $from, to: $to, first: $first, after: $after) {
    edges { cursor node { identityId updatedAt } } pageInfo { endCursor hasNextPage }
  }
}`

test('messages that changed between two moments; each edge begins a page behind it', async () => {
  const all = await registered(3)
  const page = (await admin(MESSAGES)).data.messages
  const mine = page.edges.filter(({ node }: { node: { identityId: string } }) =>
    all.some(({ id }) => id === node.identityId),
  )
  expect(mine).toHaveLength(3)
  const [, second, third] = page.edges
  const behind = (await admin(MESSAGES, { after: second.cursor, first: 1 })).data.messages
  expect(behind.edges[0].node).toEqual(third.node)
  const moments: string[] = page.edges.map(({ node }: { node: { updatedAt: string } }) => node.updatedAt)
  const [newest = ''] = moments
  const older = (await admin(MESSAGES, { to: newest })).data.messages.edges
  expect(older).toHaveLength(moments.filter((moment) => moment < newest).length)
  const newer = (await admin(MESSAGES, { from: newest })).data.messages.edges
  expect(newer).toHaveLength(moments.filter((moment) => moment >= newest).length)
  expect((await admin(MESSAGES, { from: '2999-01-01T00:00:00Z' })).data.messages.edges).toEqual([])
})

test('lists that were whole come in pages too, and a page goes on behind what is gone', async () => {
  for (const id of ['page-a', 'page-b', 'page-c', 'page-d'])
    await admin(`mutation { createTenant(input: { id: "${id}", name: "x" }) { id } }`)
  const query = `query ($first: Int! = 50, $after: String) {
    tenantConnection(first: $first, after: $after) { edges { cursor } nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } }
  }`
  const whole = (await admin('{ tenants { id } }')).data.tenants.map(({ id }: { id: string }) => id)
  const seen: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < 20; pages++) {
    const answer: Answer = await admin(query, { first: 2, after })
    const { nodes, edges, pageInfo } = answer.data.tenantConnection
    seen.push(...nodes.map(({ id }: { id: string }) => id))
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    expect(pageInfo.endCursor).toBe(edges.at(-1).cursor)
    after = pageInfo.endCursor
    if (!pageInfo.hasNextPage) break
  }
  expect(seen).toEqual([...whole].sort())
  const upToB = seen.indexOf('page-b') + 1
  const { endCursor } = (await admin(query, { first: upToB })).data.tenantConnection.pageInfo
  await admin('mutation { deleteTenant(id: "page-b") }')
  const rest = (await admin(query, { after: endCursor })).data.tenantConnection.nodes
  expect(rest[0].id).toBe('page-c')
  for (const variables of [{ first: 0 }, { first: 201 }, { after: '!' }, { after: '' }])
    expect((await admin(query, variables)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

interface Paged {
  readonly nodes: readonly { readonly id: string; readonly createdAt: string }[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

/** All items of a connection without arguments of its own, page by page. */
async function walk(field: string, first: number, between: (page: Paged) => Promise<unknown>) {
  const query = `query ($first: Int! = 50, $after: String) { ${field}(first: $first, after: $after) {
    nodes { id createdAt } pageInfo { endCursor hasNextPage } } }`
  const seen: Paged['nodes'][number][] = []
  for (let after: string | null = null, more = true; more; ) {
    const answer: Answer = await admin(query, { first, after })
    const page: Paged = answer.data[field]
    expect(page.nodes.length).toBeLessThanOrEqual(first)
    if (page.pageInfo.hasNextPage) expect(page.nodes).toHaveLength(first)
    seen.push(...page.nodes)
    await between(page)
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage
  }
  const order = seen.map(({ createdAt }) => createdAt)
  expect(order).toEqual([...order].sort().reverse())
  const tenantCursor = Buffer.from('page-a').toString('base64url')
  for (const after of ['!', tenantCursor])
    expect((await admin(query, { after })).errors?.[0]?.extensions).toMatchObject({ field: 'after' })
  return seen.map(({ id }) => id)
}

test('sessions come in pages, newest first, without those who are admins no more', async () => {
  const made: string[] = []
  for (let i = 0; i < 12; i++) {
    made.push((await world.newSession()).id)
    for (let n = 0; n < 3; n++) await world.newSession(`gone-${n}@example.com`)
  }
  let last: string | undefined
  const seen = await walk('sessionConnection', 5, async ({ nodes }) => {
    // The one that the cursor names ends before the next page.
    last ??= nodes.at(-1)?.id
    if (last !== undefined) await admin('mutation ($id: ID!) { revokeSession(id: $id) }', { id: last })
  })
  expect(seen.filter((id) => made.includes(id)).sort()).toEqual([...made].sort())
  const { data } = await admin('{ sessions { id } }')
  expect(data.sessions.map(({ id }: { id: string }) => id)).toEqual(seen.filter((id) => id !== last))
})

test('passkeys come in pages, newest first', async () => {
  const made: string[] = []
  for (let i = 0; i < 12; i++) {
    const credentialId = randomBytes(32).toString('base64url')
    const passkey = { credentialId, publicKey: 'AAAA', counter: 0, transports: [], isBackedUp: false }
    const email = `keys-${i % 3}@example.com`
    made.push(String((await world.persist('/v1/passkeys', { ...passkey, email, name: `Key ${i}` })).id))
  }
  const seen = await walk('passkeyConnection', 5, async () => {})
  expect([...seen].sort()).toEqual([...made].sort())
  const { data } = await admin('{ passkeys { id } }')
  expect(data.passkeys.map(({ id }: { id: string }) => id)).toEqual(seen)
})

test('API keys come in pages, newest first', async () => {
  for (let i = 0; i < 3; i++)
    await admin('mutation { createApiKey(input: { tenantId: "other", name: "x" }) { key } }')
  const whole = (await admin('{ apiKeys(tenantId: "other") { id } }')).data.apiKeys
  const query = `query ($after: String) { apiKeyConnection(tenantId: "other", first: 2, after: $after) {
    nodes { id } pageInfo { endCursor hasNextPage } } }`
  const seen: unknown[] = []
  let after: string | null = null
  for (let more = true; more; ) {
    const answer: Answer = await admin(query, { after })
    const { nodes, pageInfo } = answer.data.apiKeyConnection
    seen.push(...nodes)
    after = pageInfo.endCursor
    more = pageInfo.hasNextPage
  }
  expect(seen.length).toBeGreaterThanOrEqual(4)
  expect(seen).toEqual(whole)
  const strange = Buffer.from('2026-01-01T00:00:00.000Z nobody').toString('base64url')
  for (const cursor of ['!', strange])
    expect((await admin(query, { after: cursor })).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'after',
    })
})
