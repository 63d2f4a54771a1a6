import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  RESEND,
  startWorld,
  VERIFY,
  type World,
} from '../world.ts'

const FIXED = '424242424242'

let world: World
let key: string
let made = 0
beforeAll(async () => {
  world = await startWorld()
  const created = await ask(world.app, world.adminKey, CREATE, {
    input: { id: 'e2e', name: 'E2E', testMode: true },
  })
  expect(created.data.createTenant).toEqual({
    testMode: true,
    settings: { testAddresses: ['*+emailauth-test@example.com', '*@test.emailauth.invalid'] },
  })
  key = await world.newKey({ scope: 'tenant', tenantId: 'e2e', name: 'tests' })
})
afterAll(() => world?.stop())

const CREATE =
  'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { testMode settings { testAddresses } } }'
const reserved = (tags = '') => {
  made += 1
  return `user${made}${tags}+emailauth-test@example.com`
}
const register = (email: string, as = key) => ask(world.app, as, REGISTER, { input: { email, token: 't' } })

/** Of an address's identity, oldest first. */
async function eventsOf(identityId: string): Promise<string[]> {
  const query = 'query ($id: ID!) { events(identityId: $id) { nodes { type } } }'
  const { data } = await ask(world.app, key, query, { id: identityId })
  return data.events.nodes.map(({ type }: { type: string }) => type).reverse()
}

test('a reserved address is registered and verified like any other, and nothing is mailed', async () => {
  const email = reserved()
  const { data } = await register(email)
  expect(data.register).toMatchObject({ __typename: 'Registered', email, delivery: 'SENT' })
  const { identityId } = data.register
  const again = await ask(world.app, key, RESEND, { id: identityId })
  expect(again.data.resend).toMatchObject({ __typename: 'Registered', delivery: 'SENT' })
  const verified = await ask(world.app, key, VERIFY, { input: { number: '4242 4242 4242', identityId } })
  expect(verified.data.verify).toMatchObject({ __typename: 'Verified', email, token: 't' })
  await eventually(async () => {
    expect((await eventsOf(identityId)).filter((type) => type !== 'SENT')).toEqual([
      'REGISTERED',
      'RESENT',
      'VERIFIED',
    ])
    expect(await eventsOf(identityId)).toContain('SENT')
  })
  expect(world.smtp.mails.filter(({ to }) => to.includes(email))).toEqual([])
})

test.each([
  ['+other', { __typename: 'Registered', delivery: 'SENT' }, ['REGISTERED', 'SENT']],
  ['+deferred', { __typename: 'Registered', delivery: 'QUEUED' }, ['REGISTERED', 'DEFERRED']],
  ['+bounced', { __typename: 'Registered', delivery: 'SENT' }, ['REGISTERED', 'SENT', 'BOUNCED']],
  ['+failed', { __typename: 'Registered', delivery: 'FAILED' }, ['REGISTERED']],
  ['+expired', { __typename: 'Registered', delivery: 'SENT' }, ['REGISTERED', 'SENT', 'EXPIRED']],
])('%s has the result and the events of a real mail', async (tags, answer, events) => {
  const { data } = await register(reserved(tags))
  expect(data.register).toMatchObject(answer)
  const { identityId } = data.register
  await eventually(async () => expect((await eventsOf(identityId)).sort()).toEqual([...events].sort()))
  if (tags !== '+expired') {
    const delivery = 'query ($id: ID!) { identity(id: $id) { delivery { state reason } } }'
    const found = await ask(world.app, key, delivery, { id: identityId })
    expect(found.data.identity.delivery).toEqual({
      state: tags === '+bounced' ? 'FAILED' : answer.delivery,
      reason: 'simulated: the address is reserved for tests',
    })
  }
  const verified = await ask(world.app, key, VERIFY, { input: { number: FIXED, identityId } })
  expect(verified.data.verify.__typename).toBe(tags === '+expired' ? 'WrongCredentials' : 'Verified')
})

test('+rejected and +limited answer as the real ones do', async () => {
  const rejected = await register(reserved('+rejected'))
  expect(rejected.data.register).toEqual({
    __typename: 'EmailRejected',
    code: 'EMAIL_REJECTED',
    message: 'The mail server of this address refused the mail for good.',
  })
  const events = await ask(world.app, key, '{ events(types: [REJECTED]) { nodes { type reason reply } } }')
  expect(events.data.events.nodes).toEqual([
    { type: 'REJECTED', reason: 'RECIPIENT', reply: '550 5.1.1 simulated: no such mailbox' },
  ])
  expect((await register(reserved('+limited'))).data.register).toMatchObject({
    __typename: 'RateLimited',
    limit: 'EMAIL',
    retryAfterSeconds: 30,
  })
})

test('other addresses of a test tenant, and all of a live one, are mailed a number of their own', async () => {
  const email = freshAddress()
  const { data } = await register(email)
  expect(data.register).toMatchObject({ delivery: 'SENT' })
  const number = numberMailedTo(world.smtp.mails, email)
  expect(number).not.toBe(FIXED)
  const verified = await ask(world.app, key, VERIFY, { input: { number } })
  expect(verified.data.verify.__typename).toBe('Verified')
  const live = reserved('+limited')
  expect((await register(live, world.key)).data.register.__typename).toBe('Registered')
  expect(numberMailedTo(world.smtp.mails, live)).toHaveLength(12)
})

test('a test key is known by its look, and neither kind of key works for the other kind of tenant', async () => {
  expect(key).toMatch(/^ea_test_/)
  expect(world.key).not.toMatch(/^ea_test_/)
  const rotate = 'mutation ($id: ID!) { rotateApiKey(id: $id) { key } }'
  const { data } = await ask(world.app, key, '{ viewer { apiKeyId tenant { testMode } } }')
  expect(data.viewer.tenant).toEqual({ testMode: true })
  const rotated = await ask(world.app, world.adminKey, rotate, { id: data.viewer.apiKeyId })
  expect(rotated.data.rotateApiKey.key).toMatch(/^ea_test_/)
  // As if its tenant were of the other kind.
  for (const [tenantId, of] of [
    ['e2e', key],
    ['demo', world.key],
  ] as const) {
    const name = `ea:tenant:${tenantId}`
    const stored = JSON.parse(await redisCommand(world.redis.port, 'GET', name))
    const turned = JSON.stringify({ ...stored, testMode: !stored.testMode })
    await redisCommand(world.redis.port, 'SET', name, turned)
    await eventually(async () => {
      const { errors } = await ask(world.app, of, '{ viewer { scope } }')
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    })
    await redisCommand(world.redis.port, 'SET', name, JSON.stringify(stored))
  }
})

test('whether a tenant is a test tenant never changes, and only addresses that nobody reads are reserved', async () => {
  const update = 'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { testMode } }'
  const changed = await ask(world.app, world.adminKey, update, { input: { id: 'e2e', testMode: false } })
  expect(changed.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  const settings = { testAddresses: ['*@gmail.com'] }
  const refused = await ask(world.app, world.adminKey, update, { input: { id: 'e2e', settings } })
  expect(refused.errors?.[0]).toMatchObject({
    message: expect.stringContaining('nobody reads'),
    extensions: { code: 'BAD_USER_INPUT', field: 'settings.testAddresses.0' },
  })
})
