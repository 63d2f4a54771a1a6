import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, freshAddress, REGISTER, startWorld, VERIFY, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

function expectBadInput({ errors, data, headers, text }: Answer, field?: string) {
  expect(data?.register ?? data?.verify ?? data?.identities).toBeUndefined()
  expect(errors).toHaveLength(1)
  const [error] = errors ?? []
  expect(error?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    ...(field === undefined ? {} : { field }),
    requestId: headers['x-request-id'],
  })
  expect(error?.message).toMatch(/^[\w$"][^\n]{10,300}$/)
  expect(text).not.toMatch(/stack|node_modules|127\.0\.0\.1|persistence/)
}

const input = { email: 'ada@example.com', token: 't' }

test.each<[field: string, value: unknown]>([
  ['email', ''],
  ['email', 'ada'],
  ['email', '@example.com'],
  ['email', 'ada@'],
  ['email', 'ada@example.com\r\nBcc: eve@example.com'],
  ['email', 'ada@example.com, eve@example.com'],
  ['email', 'ada@exa mple.com'],
  ['email', 'ada\u0000@example.com'],
  ['email', `${'a'.repeat(65)}@example.com`],
  ['email', `ada@${'x'.repeat(5000)}.com`],
  ['email', 5],
  ['email', ['ada@example.com']],
  ['email', null],
  ['token', ''],
  ['token', 'x'.repeat(4097)],
  ['token', 'é'.repeat(2049)],
  ['token', 'x'.repeat(5000)],
  ['token', 'lone \ud800 surrogate'],
  ['token', { a: 1 }],
  ['expiresInSeconds', 59],
  ['expiresInSeconds', 86_401],
  ['expiresInSeconds', -1],
  ['expiresInSeconds', 600.5],
  ['expiresInSeconds', '600'],
  ['expiresInSeconds', 1e100],
  ['clientIp', 4],
  ['idempotencyKey', ''],
  ['idempotencyKey', 'two words'],
  ['idempotencyKey', 'ñ'],
  ['idempotencyKey', 'x'.repeat(201)],
])('register: %s is refused when it is %j', async (field, value) => {
  const answer = await ask(world.app, world.key, REGISTER, { input: { ...input, [field]: value } })
  expectBadInput(answer, field)
  if (typeof value === 'string' && value.length > 8) expect(answer.text).not.toContain(value.slice(0, 60))
})

test.each<[field: string, value: unknown]>([
  ['number', '1'.repeat(257)],
  ['number', 123456789012],
  ['number', null],
  ['email', `${'x'.repeat(2000)}@example.com`],
  ['identityId', { a: 1 }],
  ['identityId', 'x'.repeat(5000)],
  ['clientIp', ['::1']],
  ['idempotencyKey', ' '],
])('verify: %s is refused when it is %j', async (field, value) => {
  expectBadInput(await ask(world.app, world.key, VERIFY, { input: { number: '1', [field]: value } }), field)
})

test.each([
  '',
  '   ',
  'abc',
  '0',
  '-',
  '１２３４５６７８９０１２',
  '1'.repeat(256),
  "1' or '1'='1",
  '\u0000',
])('verify: the number %j is as wrong as any other', async (number) => {
  const answer = await ask(world.app, world.key, VERIFY, { input: { number, clientIp: null, email: null } })
  expect(answer.data.verify).toMatchObject({ __typename: 'WrongCredentials' })
})

test.each<[field: string | undefined, call: string]>([
  ['first', 'first: 0'],
  ['first', 'first: -1'],
  ['first', 'first: 201'],
  // Such a page costs too much before it is too large.
  [undefined, 'first: 2000000000'],
  ['after', 'after: "nonsense"'],
  ['after', `after: "${'x'.repeat(5000)}"`],
  ['tenantId', 'filter: { tenantId: "DEMO/../*" }'],
  ['email', `filter: { email: "${'x'.repeat(5000)}@example.com" }`],
])('identities: %s is refused in (%s)', async (field, call) => {
  expectBadInput(await ask(world.app, world.adminKey, `{ identities(${call}) { totalCount } }`), field)
})

test('an idempotency key that named another call is refused', async () => {
  const email = freshAddress()
  await ask(world.app, world.key, REGISTER, { input: { email, token: 'a', idempotencyKey: 'one-name' } })
  const again = { email: freshAddress(), token: 'b', idempotencyKey: 'one-name' }
  const { errors } = await ask(world.app, world.key, REGISTER, { input: again })
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

test('an address in another alphabet is mailed under its punycode', async () => {
  const answer = await ask(world.app, world.key, REGISTER, {
    input: { email: ' Ada@EXÄMPLE.com ', token: 't' },
  })
  expect(answer.data.register).toMatchObject({ __typename: 'Registered', email: 'Ada@xn--exmple-cua.com' })
})

test.each<[field: string | undefined, mutation: string]>([
  ['id', 'createTenant(input: { id: "Not A Slug", name: "x" }) { id }'],
  ['name', `createTenant(input: { id: "good", name: "" }) { id }`],
  ['name', `createTenant(input: { id: "good", name: "two\\nlines" }) { id }`],
  [
    'settings.ttlSeconds',
    'createTenant(input: { id: "good", name: "x", settings: { ttlSeconds: 1 } }) { id }',
  ],
  ['id', 'createTenant(input: { id: "demo", name: "again" }) { id }'],
  ['tenantId', 'createApiKey(input: { name: "x" }) { key }'],
  ['tenantId', 'createApiKey(input: { name: "x", tenantId: "nobody" }) { key }'],
  ['tenantId', 'createApiKey(input: { name: "x", scope: ADMIN, tenantId: "demo" }) { key }'],
  ['name', 'createApiKey(input: { name: "", tenantId: "demo" }) { key }'],
])('admin: %s is refused in %s', async (field, mutation) => {
  expectBadInput(await ask(world.app, world.adminKey, `mutation { ${mutation} }`), field)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4:80',
  '[2001:db8::1]:80',
  '::1%lo\r\n',
  'unknown',
  'localhost',
  'x'.repeat(20_000),
])('no client address is a reason to refuse a call: %j', async (clientIp) => {
  const registered = await ask(world.app, world.key, REGISTER, {
    input: { ...input, email: freshAddress(), clientIp },
  })
  expect(registered.data).toMatchObject({
    register: { __typename: expect.stringMatching(/Registered|RateLimited/) },
  })
  const verified = await ask(world.app, world.key, VERIFY, { input: { number: '123456789012', clientIp } })
  expect(verified.data).toMatchObject({
    verify: { __typename: expect.stringMatching(/WrongCredentials|RateLimited/) },
  })
})

test.each(['/graphql', '/v1/registrations'])(
  'a body in another encoding than UTF-8 is refused at %s, not kept as another token',
  async (url) => {
    const email = freshAddress()
    const fields = { email, token: 'clé' }
    const body = url === '/graphql' ? { query: REGISTER, variables: { input: fields } } : fields
    const send = async (encoding: 'utf8' | 'latin1') => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${world.key}` }
      const payload = Buffer.from(JSON.stringify(body), encoding)
      return world.app.inject({ method: 'POST', url, headers, payload })
    }
    // Often enough that a document gets onto the fast path.
    for (let times = 0; times < 3; times++) {
      const refused = await send('latin1')
      expect(refused.statusCode).toBe(400)
      expect(refused.body).toMatch(/UTF-8/)
      expect(refused.body).toMatch(/BAD_USER_INPUT|bad-input/)
    }
    expect((await send('utf8')).statusCode).toBe(url === '/graphql' ? 200 : 201)
  },
)
