import { crc32 } from 'node:zlib'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { altered } from '@emailauth/testing/altered'
import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGatewaySchema } from '../src/schema.ts'
import { ACCESS_RULES, type AccessRule } from './access-rules.ts'
import { follow } from './live-client.ts'
import { ask, freshAddress, REGISTER, startWorld, type TestSession, type World } from './world.ts'

let world: World
let url: string
let revokedKey: string
let session: TestSession
let expired: TestSession
let signedOut: TestSession
let foreign: string
let foreignWebhook: string
let readOnlyKey: string
let expiredKey: string
let testKey: string
let disabledKey: string
let orphanKey: string

/** An admin who may look and change nothing. */
const AUDITOR = 'grace@example.com'
/** Mutations of a read-only admin: they concern the own sign-in alone. */
const OWN = ['Mutation.beginAddPasskey', 'Mutation.addPasskey']

beforeAll(async () => {
  world = await startWorld({}, { readOnlyAdminEmails: [AUDITOR] })
  readOnlyKey = await world.newKey({ scope: 'admin-read-only', name: 'auditors' })
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  revokedKey = await world.newKey({ scope: 'admin', name: 'gone' })
  await world.remove(`/v1/api-keys/${revokedKey.split('_')[1]}`)
  const expiresAt = new Date(Date.now() + 2000).toISOString()
  expiredKey = await world.newKey({ scope: 'admin', name: 'short', expiresAt })
  await world.persist('/v1/tenants', { id: 'e2e', name: 'E2E', testMode: true })
  testKey = await world.newKey({ scope: 'tenant', tenantId: 'e2e', name: 'tests' })
  for (const id of ['disabled', 'deleted']) await world.persist('/v1/tenants', { id, name: id })
  disabledKey = await world.newKey({ scope: 'tenant', tenantId: 'disabled', name: 'tests' })
  orphanKey = await world.newKey({ scope: 'tenant', tenantId: 'deleted', name: 'tests' })
  const { data } = await ask(
    world.app,
    world.adminKey,
    'mutation { disableTenant(id: "disabled") { status } deleteTenant(id: "deleted") }',
  )
  expect(data).toEqual({ disableTenant: { status: 'DISABLED' }, deleteTenant: true })
  await eventually(async () =>
    expect((await ask(world.app, expiredKey, '{ viewer { scope } }')).status).toBe(401),
  )
  session = await world.newSession()
  expired = await world.newSession()
  await redisCommand(world.redis.port, 'PEXPIRE', `ea:session:${expired.id}`, '1')
  await eventually(async () =>
    expect(await redisCommand(world.redis.port, 'EXISTS', `ea:session:${expired.id}`)).toBe('0'),
  )
  signedOut = await world.newSession()
  await ask(world.app, undefined, 'mutation { signOut }', {}, { cookie: signedOut.cookie })
  // The first one of a system that starts may come too late on a busy machine.
  foreign = await eventually(async () => {
    const input = { email: freshAddress(), token: 't' }
    const { data } = await ask(world.app, world.key, REGISTER, { input })
    expect(data?.register.__typename).toBe('Registered')
    return data.register.identityId
  })
  const made = await world.persist('/v1/webhooks', { tenantId: 'demo', url: 'https://b.example' })
  foreignWebhook = (made.endpoint as { id: string }).id
})
afterAll(() => world?.stop())

/**
 * A key of the other environment: a live one as a test key, or a test key as a live one. Its checksum is no
 * secret, so it is right.
 */
function ofOtherEnvironment(key: string): string {
  const [, prefix, rest = ''] = /^ea_(test_)?(.*).{6}$/.exec(key) ?? []
  const other = prefix === undefined ? 'test_' : ''
  return `ea_${other}${rest}${(crc32(other + rest) % 36 ** 6).toString(36).padStart(6, '0')}`
}

/** One way to ask: with a key, a cookie, or nothing. */
interface Way {
  readonly key?: string
  readonly cookie?: string
}

/** The code of the first error, `4403` for a socket that was closed, or undefined for an answer. */
async function code(document: string, { key, cookie }: Way): Promise<unknown> {
  if (document.startsWith('subscription')) {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie, origin: url }
    const client = follow(url, key, {}, { headers, query: document })
    const came = eventually(() => expect(client.events.length).toBeGreaterThan(0)).then(() => undefined)
    const over = (await Promise.race([client.over, came])) as
      | { code?: number }
      | { extensions: { code: string } }[]
    client.stop()
    return Array.isArray(over) ? over[0]?.extensions.code : over?.code
  }
  const answer = await ask(world.app, key, document, {}, cookie === undefined ? {} : { cookie })
  const [error] = answer.errors ?? []
  if (error?.extensions.code === 'UNAUTHENTICATED') expect(answer.status).toBe(401)
  return error?.extensions.code
}

/** The root fields by their names in the rules. */
const FIELDS = new Map(
  (() => {
    const schema = buildGatewaySchema()
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    return roots.flatMap((type) =>
      Object.entries((type as GraphQLObjectType).getFields()).map(
        ([name, field]) => [`${(type as GraphQLObjectType).name}.${name}`, field] as const,
      ),
    )
  })(),
)

/** Whether an argument, or a field of one, names something by its id. */
function namesAnId({ args }: GraphQLField<unknown, unknown>): boolean {
  const isId = ({ type }: { type: GraphQLInputType }): boolean => {
    const named = getNamedType(type)
    return isInputObjectType(named) ? Object.values(named.getFields()).some(isId) : named.name === 'ID'
  }
  return args.some(isId)
}

test('every root field has a rule', () => {
  expect(Object.keys(ACCESS_RULES).sort()).toEqual([...FIELDS.keys()].sort())
})

test('what lets tenants in and names something by its id is asked for what belongs to another', () => {
  const without = [...FIELDS].filter(([name, field]) => {
    const rule = ACCESS_RULES[name]
    const isForTenants = rule?.may === 'TENANT' || rule?.may === 'ANY_KEY'
    return isForTenants && namesAnId(field) && rule?.foreign === undefined
  })
  expect(without.map(([name]) => name)).toEqual([])
})

describe.each(Object.entries(ACCESS_RULES))('%s', (name, { document, may }: AccessRule) => {
  const refusal = name.startsWith('Subscription') ? 4403 : 'UNAUTHENTICATED'
  const open = may === 'ANYONE'
  const strangers: [string, () => Way][] = [
    ['no key', () => ({})],
    ['a malformed key', () => ({ key: 'ea_nonsense' })],
    ['a key that nobody has', () => ({ key: generateApiKey().key })],
    ['a revoked key', () => ({ key: revokedKey })],
    ['an expired key', () => ({ key: expiredKey })],
    ['an admin key as a test key', () => ({ key: ofOtherEnvironment(world.adminKey) })],
    ["a live tenant's key as a test key", () => ({ key: ofOtherEnvironment(world.key) })],
    ["a test tenant's key as a live one", () => ({ key: ofOtherEnvironment(testKey) })],
    ['a key of a deleted tenant', () => ({ key: orphanKey })],
    ['an expired session', () => ({ cookie: expired.cookie })],
    ['the cookie of a browser that signed out', () => ({ cookie: signedOut.cookie })],
    ['a session whose secret is wrong', () => ({ cookie: altered(session.cookie) })],
  ]

  test.each(strangers)('with %s', async (_who, way) => {
    expect(await code(document, way())).toBe(open ? undefined : refusal)
  })

  test('with a key of a disabled tenant', async () => {
    const refused = name.startsWith('Subscription') ? 4403 : 'FORBIDDEN'
    expect(await code(document, { key: disabledKey })).toBe(open ? undefined : refused)
  })

  test('with each scope', async () => {
    const tenant = may !== 'ADMIN' && may !== 'SESSION'
    const admin = may !== 'TENANT'
    const adminKey = admin && may !== 'SESSION'
    expect(await code(document, { key: world.key })).toBe(tenant ? undefined : 'FORBIDDEN')
    // What is made once is there the second time.
    const isTaken = name === 'Mutation.createTenant'
    expect(await code(document, { key: world.adminKey })).toBe(adminKey ? undefined : 'FORBIDDEN')
    // Signing out ends the session, so this one uses a session of its own.
    const { cookie } = await world.newSession()
    const again = isTaken ? 'BAD_USER_INPUT' : undefined
    expect(await code(document, { cookie })).toBe(admin ? again : 'FORBIDDEN')
  })

  test('a read-only admin sees what an admin sees, and changes nothing', async () => {
    const isRead = !name.startsWith('Mutation')
    const allowed = open || (isRead && may !== 'TENANT')
    expect(await code(document, { key: readOnlyKey })).toBe(allowed ? undefined : 'FORBIDDEN')
    const { cookie } = await world.newSession(AUDITOR)
    expect(await code(document, { cookie })).toBe(allowed || OWN.includes(name) ? undefined : 'FORBIDDEN')
  })
})

const NAMING = Object.entries(ACCESS_RULES).flatMap(([name, rule]) =>
  rule.foreign === undefined ? [] : [{ name, ...rule.foreign }],
)

test.each(NAMING)("$name gives nothing of another tenant's", async ({ document, gives }) => {
  const asked = document.replace('$foreign', foreign).replace('$webhook', foreignWebhook)
  if (typeof gives === 'string') {
    expect(await code(asked, { key: world.otherKey })).toBe(gives)
    return
  }
  const { data, errors } = await ask(world.app, world.otherKey, asked)
  expect(errors).toBeUndefined()
  expect(Object.values(data)).toEqual([gives])
})

/** The lists that tenants may read, and the records that their pages name. */
const LISTS: Readonly<Record<string, { readonly of?: string; readonly node: string }>> = {
  'Query.identities': { node: 'id' },
  'Query.events': { node: 'tenantId' },
  'Query.webhookEndpointConnection': { node: 'id' },
  'Query.webhookAttempts': { of: 'endpointId', node: 'eventId' },
}

test('every list that tenants may read has a row', () => {
  const lists = [...FIELDS].filter(([name, { args }]) => {
    const isForTenants = ACCESS_RULES[name]?.may === 'ANY_KEY' && name.startsWith('Query.')
    return isForTenants && args.some((arg) => arg.name === 'after')
  })
  expect(lists.map(([name]) => name).sort()).toEqual(Object.keys(LISTS).sort())
})

test.each(Object.entries(LISTS))(
  '%s begins nowhere in what another tenant has',
  async (name, { of, node }) => {
    const field = name.replace('Query.', '')
    const page = (key: string, endpointId: string, more: string) => {
      const arguments_ = [`first: 1`, more, ...(of === undefined ? [] : [`${of}: "${endpointId}"`])].join(' ')
      const document = `{ ${field}(${arguments_}) { nodes { ${node} } pageInfo { endCursor } } }`
      return ask(world.app, key, document)
    }
    if (of !== undefined)
      await ask(
        world.app,
        world.key,
        `mutation { sendTestEvent(input: { endpointId: "${foreignWebhook}" }) { attempt { outcome } } }`,
      )
    await ask(world.app, world.key, REGISTER, { input: { email: freshAddress(), token: 't' } })
    const theirs = await page(world.key, foreignWebhook, '')
    const { nodes, pageInfo } = theirs.data[field]
    expect(nodes).toHaveLength(1)
    const answer = await page(world.otherKey, foreignWebhook, `after: "${pageInfo.endCursor}"`)
    const shown = answer.data?.[field].nodes ?? []
    if (node === 'tenantId')
      expect(new Set(['other', ...shown.map((one: { tenantId: string }) => one.tenantId)])).toEqual(
        new Set(['other']),
      )
    else expect(JSON.stringify(shown)).not.toContain('demo')
    if (of !== undefined) expect(shown).toEqual([])
  },
)

describe('the REST services', () => {
  test.each(['persistence', 'mailer'] as const)(
    'the OpenAPI document of %s has what it refers to',
    async (name) => {
      const headers = { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}` }
      const text = await (await fetch(`${world[name].url}/openapi.json`, { headers })).text()
      const { schemas } = JSON.parse(text).components as { schemas: object }
      const refs = new Set(
        [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)].map(([, ref]) => ref),
      )
      expect(refs.size).toBeGreaterThan(5)
      expect([...refs].filter((ref) => !Object.hasOwn(schemas, String(ref)))).toEqual([])
      expect(text).not.toContain('#/$defs')
    },
  )

  test.each(['persistence', 'mailer'] as const)('no route of %s answers a stranger', async (name) => {
    const base = world[name].url
    const headers = { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}` }
    const { paths } = (await (await fetch(`${base}/openapi.json`, { headers })).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{.*?\}/g, 'x')] as const),
    )
    expect(routes.length).toBeGreaterThan(5)
    const strangers: Record<string, string>[] = [
      {},
      { authorization: 'nonsense' },
      { authorization: `Bearer ${'x'.repeat(world.env.EMAILAUTH_SERVICE_TOKEN.length)}` },
      { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}x` },
      { authorization: `Bearer ${world.adminKey}` },
      { cookie: session.cookie },
    ]
    for (const [method, path] of [...routes, ['GET', '/openapi.json'] as const]) {
      for (const stranger of strangers) {
        const reply = await fetch(base + path, {
          method,
          headers: { ...stranger, accept: 'text/event-stream' },
        })
        expect([method, path, reply.status]).toEqual([method, path, 401])
        await reply.body?.cancel()
      }
    }
  })
})

test('an address of both lists is a full admin’s; a viewer is shown the scope', async () => {
  const gateway = await world.another({ adminEmails: [AUDITOR], readOnlyAdminEmails: [AUDITOR] })
  const scopeIn = async (app: typeof gateway, way: Way) =>
    (
      await ask(
        app,
        way.key,
        '{ viewer { scope } }',
        {},
        way.cookie === undefined ? {} : { cookie: way.cookie },
      )
    ).data.viewer.scope
  const { cookie } = await world.newSession(AUDITOR)
  expect(await scopeIn(gateway, { cookie })).toBe('ADMIN')
  expect(await scopeIn(world.app, { cookie })).toBe('ADMIN_READ_ONLY')
  expect(await scopeIn(world.app, { key: readOnlyKey })).toBe('ADMIN_READ_ONLY')
  await gateway.close()
})

test('a read-only key does not resend over the paths that skip the schema’s own resolvers', async () => {
  const onFastPath = 'mutation ($input: ResendInput!) { resend(input: $input) { __typename } }'
  for (let times = 0; times < 3; times++) {
    const { errors } = await ask(world.app, readOnlyKey, onFastPath, { input: { identityId: foreign } })
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  }
})
