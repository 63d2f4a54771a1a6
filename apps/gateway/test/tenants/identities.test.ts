import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

let world: World
const emails: string[] = []
beforeAll(async () => {
  world = await startWorld()
  for (let n = 0; n < 7; n++) {
    const email = freshAddress()
    await ask(world.app, world.key, REGISTER, { input: { email, token: 'planted-token' } })
    emails.unshift(email)
  }
})
afterAll(() => world.stop())

const PAGE = `query ($first: Int!, $after: String, $filter: IdentityFilter) {
  identities(first: $first, after: $after, filter: $filter) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { email }
    edges { cursor node { id email createdAt expiresAt tenant { id name } delivery { state attempts reason } } }
  }
}`

test('identities come newest first, page by page, with their mail and tenant, without number or token', async () => {
  const seen: string[] = []
  let after: string | null = null
  do {
    const answer = await ask(world.app, world.adminKey, PAGE, { first: 3, after })
    const { edges, nodes, pageInfo, totalCount } = answer.data.identities
    expect(totalCount).toBe(7)
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    expect(nodes.map(({ email }: { email: string }) => email)).toEqual(
      edges.map(({ node }: { node: { email: string } }) => node.email),
    )
    for (const { node } of edges) {
      expect(node).toMatchObject({ tenant: { id: 'demo' }, delivery: { state: 'SENT', attempts: 1 } })
      seen.push(node.email)
    }
    expect(answer.text).not.toContain('planted-token')
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  expect(seen).toEqual(emails)
})

test('a filter finds exactly one address, whatever its case, or none', async () => {
  const email = emails[3] ?? ''
  const find = async (filter: object) =>
    (await ask(world.app, world.adminKey, PAGE, { first: 50, filter })).data.identities.nodes
  expect(await find({ email: email.toUpperCase() })).toEqual([{ email }])
  expect(await find({ email, tenantId: 'demo', delivery: 'SENT' })).toEqual([{ email }])
  expect(await find({ email, tenantId: 'other' })).toEqual([])
  expect(await find({ email, delivery: 'FAILED' })).toEqual([])
  expect(await find({ email: freshAddress() })).toEqual([])
  expect(await find({ delivery: 'SENT' })).toHaveLength(7)
})

test('a domain is searched for, with the progress; no domain is refused', async () => {
  const query = `query ($filter: IdentityFilter) {
    identities(first: 50, filter: $filter) { totalCount scannedCount pageInfo { hasNextPage } nodes { email } }
  }`
  const find = (filter: object) => ask(world.app, world.adminKey, query, { filter })
  const all = { totalCount: 7, scannedCount: 7, pageInfo: { hasNextPage: false } }
  expect((await find({ domain: '@EXAMPLE.com' })).data.identities).toEqual({
    ...all,
    nodes: emails.map((email) => ({ email })),
  })
  expect((await find({ domain: 'example.org' })).data.identities).toEqual({ ...all, nodes: [] })
  expect((await find({ domain: 'example.com', delivery: 'FAILED' })).data.identities).toEqual({
    ...all,
    nodes: [],
  })
  expect((await find({})).data.identities.scannedCount).toBeNull()
  for (const domain of ['', 'a b', 'x'.repeat(2000)]) {
    const { errors } = await find({ domain })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'domain' })
  }
})

test('one identity can be read by its id', async () => {
  const { data } = await ask(world.app, world.key, '{ identities(first: 1) { nodes { id email } } }')
  const [{ id, email }] = data.identities.nodes
  const query = 'query ($id: ID!) { identity(id: $id) { email delivery { state } } }'
  expect((await ask(world.app, world.key, query, { id })).data.identity).toEqual({
    email,
    delivery: { state: 'SENT' },
  })
  for (const other of ['', 'demo.', `${id}x`, '../tenants', 'x'.repeat(20_000), 7]) {
    expect((await ask(world.app, world.key, query, { id: other })).data).toEqual({ identity: null })
  }
})
