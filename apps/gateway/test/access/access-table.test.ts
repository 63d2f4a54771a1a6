import { generateApiKey } from '@emailauth/secrets/api-key'
import { altered } from '@emailauth/testing/altered'
import { eventually } from '@emailauth/testing/eventually'
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGatewaySchema } from '../../src/schema.ts'
import { follow } from '../sockets/live-client.ts'
import { ask, freshAddress, REGISTER } from '../world.ts'
import { type AccessCallers, AUDITOR, ofOtherEnvironment, startAccessCallers } from './access-callers.ts'
import { ACCESS_RULES, type AccessRule } from './access-rules.ts'

/** Mutations of a read-only admin: they concern the own sign-in alone. */
const OWN = ['Mutation.beginAddPasskey', 'Mutation.addPasskey']

let it: AccessCallers
let world: AccessCallers['world']
beforeAll(async () => {
  it = await startAccessCallers()
  world = it.world
})
afterAll(() => world?.stop())

/** One way to ask: with a key, a cookie, or nothing. */
interface Way {
  readonly key?: string
  readonly cookie?: string
}

/** The code of the first error, `4403` for a socket that was closed, or undefined for an answer. */
async function code(document: string, { key, cookie }: Way): Promise<unknown> {
  if (document.startsWith('subscription')) {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie, origin: it.url }
    const client = follow(it.url, key, {}, { headers, query: document })
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
    ['a revoked key', () => ({ key: it.keys.revoked })],
    ['an expired key', () => ({ key: it.keys.expired })],
    ['an admin key as a test key', () => ({ key: ofOtherEnvironment(world.adminKey) })],
    ["a live tenant's key as a test key", () => ({ key: ofOtherEnvironment(world.key) })],
    ["a test tenant's key as a live one", () => ({ key: ofOtherEnvironment(it.keys.test) })],
    ['a key of a deleted tenant', () => ({ key: it.keys.orphan })],
    ['an expired session', () => ({ cookie: it.expired.cookie })],
    ['the cookie of a browser that signed out', () => ({ cookie: it.signedOut.cookie })],
    ['a session whose secret is wrong', () => ({ cookie: altered(it.session.cookie) })],
  ]

  test.each(strangers)('with %s', async (_who, way) => {
    expect(await code(document, way())).toBe(open ? undefined : refusal)
  })

  test('with a key of a disabled tenant', async () => {
    const refused = name.startsWith('Subscription') ? 4403 : 'FORBIDDEN'
    expect(await code(document, { key: it.keys.disabled })).toBe(open ? undefined : refused)
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
    expect(await code(document, { key: it.keys.readOnly })).toBe(allowed ? undefined : 'FORBIDDEN')
    const { cookie } = await world.newSession(AUDITOR)
    expect(await code(document, { cookie })).toBe(allowed || OWN.includes(name) ? undefined : 'FORBIDDEN')
  })
})

const NAMING = Object.entries(ACCESS_RULES).flatMap(([name, rule]) =>
  rule.foreign === undefined ? [] : [{ name, ...rule.foreign }],
)

test.each(NAMING)("$name gives nothing of another tenant's", async ({ document, gives }) => {
  const asked = document.replace('$foreign', it.foreign).replace('$webhook', it.foreignWebhook)
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
        `mutation { sendTestEvent(input: { endpointId: "${it.foreignWebhook}" }) { attempt { outcome } } }`,
      )
    await ask(world.app, world.key, REGISTER, { input: { email: freshAddress(), token: 't' } })
    const theirs = await page(world.key, it.foreignWebhook, '')
    const { nodes, pageInfo } = theirs.data[field]
    expect(nodes).toHaveLength(1)
    const answer = await page(world.otherKey, it.foreignWebhook, `after: "${pageInfo.endCursor}"`)
    const shown = answer.data?.[field].nodes ?? []
    if (node === 'tenantId')
      expect(new Set(['other', ...shown.map((one: { tenantId: string }) => one.tenantId)])).toEqual(
        new Set(['other']),
      )
    else expect(JSON.stringify(shown)).not.toContain('demo')
    if (of !== undefined) expect(shown).toEqual([])
  },
)

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
  expect(await scopeIn(world.app, { key: it.keys.readOnly })).toBe('ADMIN_READ_ONLY')
  await gateway.close()
})

test('a read-only key does not resend over the paths that skip the schema’s own resolvers', async () => {
  const onFastPath = 'mutation ($input: ResendInput!) { resend(input: $input) { __typename } }'
  for (let times = 0; times < 3; times++) {
    const { errors } = await ask(world.app, it.keys.readOnly, onFastPath, {
      input: { identityId: it.foreign },
    })
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  }
})
