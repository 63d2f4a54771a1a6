import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_EMAIL, type Answer, ask, startWorld, type TestSession, type World } from '../world.ts'
import { type Changes, createSoftwareAuthenticator } from './software-authenticator.ts'

let world: World
let session: TestSession
beforeAll(async () => {
  world = await startWorld()
  session = await world.newSession()
})
afterAll(() => world?.stop())

const BEGIN_ADD = 'mutation { beginAddPasskey }'
const ADD = `mutation ($name: String!, $response: String!) {
  addPasskey(name: $name, response: $response) { __typename ... on Passkey { id name email lastUsedAt } }
}`
const BEGIN = 'mutation { beginPasskeySignIn }'
const SIGN_IN = `mutation ($response: String!) {
  signInWithPasskey(response: $response) { __typename ... on SignedIn { session { email passkeyId } } }
}`
const cookieOf = ({ headers }: Answer, name: string) =>
  ([headers['set-cookie'] ?? []].flat() as string[])
    .findLast((cookie) => cookie.startsWith(`emailauth-${name}=`))
    ?.split(';')[0] ?? ''

async function add(authenticator = createSoftwareAuthenticator(), name = 'Laptop', changes: Changes = {}) {
  const { cookie } = session
  const begun = await ask(world.app, undefined, BEGIN_ADD, {}, { cookie })
  const response = authenticator.create(begun.data.beginAddPasskey, changes)
  const both = `${cookie}; ${cookieOf(begun, 'passkey')}`
  const end = () => ask(world.app, undefined, ADD, { name, response }, { cookie: both })
  return { added: await end(), again: end, authenticator }
}

async function signInWith(
  authenticator: ReturnType<typeof createSoftwareAuthenticator>,
  changes: Changes = {},
  app = world.app,
  held = 'other=1',
) {
  const begun = await ask(app, undefined, BEGIN)
  const response = authenticator.get(begun.data.beginPasskeySignIn, changes)
  const cookie = `${held}; ${cookieOf(begun, 'passkey')}`
  const end = (given = cookie) => ask(app, undefined, SIGN_IN, { response }, { cookie: given })
  return { signedIn: await end(), again: end, response }
}
const outcome = (answer: Answer) => (answer.data.signInWithPasskey ?? answer.data.addPasskey).__typename

test('a passkey is added, signs in without an address, is listed, named and removed; each act is in the audit log', async () => {
  const { added, authenticator } = await add()
  expect(added.data.addPasskey).toMatchObject({
    __typename: 'Passkey',
    name: 'Laptop',
    email: ADMIN_EMAIL,
    lastUsedAt: null,
  })
  const { id } = added.data.addPasskey
  const { signedIn } = await signInWith(authenticator)
  expect(signedIn.data.signInWithPasskey).toEqual({
    __typename: 'SignedIn',
    session: { email: ADMIN_EMAIL, passkeyId: id },
  })
  const held = cookieOf(signedIn, 'session')
  const next = await signInWith(authenticator, {}, world.app, held)
  const cookie = cookieOf(next.signedIn, 'session')
  expect(
    (await ask(world.app, undefined, '{ viewer { scope } }', {}, { cookie: held })).status,
    'ended',
  ).toBe(401)
  expect(cookieOf(signedIn, 'device')).not.toBe('')
  const viewer = await ask(world.app, undefined, '{ viewer { session { email } } }', {}, { cookie })
  expect(viewer.data.viewer.session.email).toBe(ADMIN_EMAIL)
  const rename = 'mutation ($id: ID!, $name: String!) { renamePasskey(id: $id, name: $name) { name } }'
  expect((await ask(world.app, world.adminKey, rename, { id, name: 'Old laptop' })).data).toEqual({
    renamePasskey: { name: 'Old laptop' },
  })
  const bad = await ask(world.app, world.adminKey, rename, { id, name: 'a\nb' })
  expect(bad.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' })
  const listed = await ask(world.app, undefined, '{ passkeys { id name lastUsedAt } }', {}, { cookie })
  expect(listed.data.passkeys).toMatchObject([{ id, name: 'Old laptop', lastUsedAt: expect.any(String) }])
  const remove = `mutation { removePasskey(id: "${id}") }`
  // A stolen admin key cannot take away what the admins sign in with.
  const byKey = await ask(world.app, world.adminKey, remove)
  expect(byKey.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  expect((await ask(world.app, undefined, remove, {}, { cookie: session.cookie })).data.removePasskey).toBe(
    true,
  )
  expect((await ask(world.app, undefined, remove, {}, { cookie: session.cookie })).data.removePasskey).toBe(
    false,
  )
  expect(outcome((await signInWith(authenticator)).signedIn)).toBe('WrongCredentials')
  // The session of a removed passkey ends with it, everywhere within 5 s.
  await eventually(async () =>
    expect((await ask(world.app, undefined, '{ viewer { scope } }', {}, { cookie })).status).toBe(401),
  )
  const { data } = await ask(
    world.app,
    world.adminKey,
    '{ events(types: [PASSKEY_CREATED, PASSKEY_RENAMED, PASSKEY_REMOVED]) { nodes { type actor { kind } } } }',
  )
  expect(data.events.nodes).toEqual([
    { type: 'PASSKEY_REMOVED', actor: { kind: 'ADMIN' } },
    { type: 'PASSKEY_RENAMED', actor: { kind: 'API_KEY' } },
    { type: 'PASSKEY_CREATED', actor: { kind: 'ADMIN' } },
  ])
})

test('a challenge serves once, and in the browser that it was given to', async () => {
  const { again, authenticator } = await add()
  expect(outcome(await again())).toBe('WrongCredentials')
  const one = await signInWith(authenticator)
  expect(outcome(one.signedIn)).toBe('SignedIn')
  expect(outcome(await one.again())).toBe('WrongCredentials')
  const other = await ask(world.app, undefined, BEGIN)
  const stolen = authenticator.get((await ask(world.app, undefined, BEGIN)).data.beginPasskeySignIn)
  for (const cookie of [cookieOf(other, 'passkey'), '', 'emailauth-passkey=nonsense']) {
    const answer = await ask(world.app, undefined, SIGN_IN, { response: stolen }, { cookie })
    expect(outcome(answer), cookie).toBe('WrongCredentials')
  }
  // Of parallel tries with one signature one gets in.
  const begun = await ask(world.app, undefined, BEGIN)
  const response = authenticator.get(begun.data.beginPasskeySignIn)
  const cookie = cookieOf(begun, 'passkey')
  const all = await Promise.all(
    Array.from({ length: 5 }, () => ask(world.app, undefined, SIGN_IN, { response }, { cookie })),
  )
  expect(all.map(outcome).sort()).toEqual(['SignedIn', ...Array(4).fill('WrongCredentials')])
})

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['another port', { origin: 'http://localhost:1' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['another challenge', { challenge: 'AAAA' }],
  ['nobody whom the authenticator has recognised', { isVerified: false }],
] as const)('what is signed for %s opens nothing', async (_what, changes) => {
  const { authenticator } = await add()
  expect(outcome((await signInWith(authenticator, changes)).signedIn)).toBe('WrongCredentials')
  expect(outcome((await add(createSoftwareAuthenticator(), 'x', changes)).added)).toBe('WrongCredentials')
})

test.each([
  ['many', Array(11).fill('usb')],
  ['long', ['x'.repeat(21), 'usb']],
  ['none', [1, null, {}]],
  ['a text', 'usb'],
  ['an object', { length: 3 }],
])('transports that are hints of no browser: %s', async (_what, transports) => {
  const begun = await ask(world.app, undefined, BEGIN_ADD, {}, { cookie: session.cookie })
  const made = JSON.parse(createSoftwareAuthenticator().create(begun.data.beginAddPasskey))
  const response = JSON.stringify({ ...made, response: { ...made.response, transports } })
  const cookie = `${session.cookie}; ${cookieOf(begun, 'passkey')}`
  const answer = await ask(world.app, undefined, ADD, { name: 'x', response }, { cookie })
  expect([answer.errors, outcome(answer)]).toEqual([undefined, 'Passkey'])
  const remove = `mutation { removePasskey(id: "${answer.data.addPasskey.id}") }`
  await ask(world.app, undefined, remove, {}, { cookie: session.cookie })
})

test('an answer with any byte changed is no fault of the gateway', async () => {
  const known = createSoftwareAuthenticator()
  const begun = await ask(world.app, undefined, BEGIN_ADD, {}, { cookie: session.cookie })
  const cookie = `${session.cookie}; ${cookieOf(begun, 'passkey')}`
  const made = JSON.parse(known.create(begun.data.beginAddPasskey))
  const good = Buffer.from(made.response.attestationObject, 'base64url')
  // The form of CBOR, the algorithm (ES256 is 0x26), the lengths; what is random in it is left as it is.
  for (let at = 0; at < good.length; at += 3) {
    const bad = Buffer.from(good)
    bad[at] = 255 - (bad[at] ?? 0)
    const changed = { ...made.response, attestationObject: bad.toString('base64url') }
    const response = JSON.stringify({ ...made, response: changed })
    const answer = await ask(world.app, undefined, ADD, { name: 'x', response }, { cookie })
    expect(answer.errors, String(at)).toBeUndefined()
  }
})

test('a copied authenticator shows by its counter', async () => {
  const { authenticator } = await add()
  expect(outcome((await signInWith(authenticator, { counter: 50 })).signedIn)).toBe('SignedIn')
  expect(outcome((await signInWith(authenticator, { counter: 50 })).signedIn)).toBe('WrongCredentials')
  expect(outcome((await signInWith(authenticator, { counter: 49 })).signedIn)).toBe('WrongCredentials')
  expect(outcome((await signInWith(authenticator, { counter: 51 })).signedIn)).toBe('SignedIn')
})

test('the passkey of a former admin gives no access', async () => {
  const { authenticator } = await add()
  const without = await world.another({ adminEmails: ['bob@example.com'] })
  try {
    expect(outcome((await signInWith(authenticator, {}, without)).signedIn)).toBe('WrongCredentials')
  } finally {
    await without.close()
  }
})

test('only the public URL counts when it is set, whatever the Host header is', async () => {
  const { added } = await add()
  expect(outcome(added)).toBe('Passkey')
  const there = await world.another({ publicUrl: 'https://auth.example.com' })
  try {
    const begun = await ask(there, undefined, BEGIN, {}, { host: 'evil.example' })
    expect(JSON.parse(begun.data.beginPasskeySignIn).rpId).toBe('auth.example.com')
  } finally {
    await there.close()
  }
  const elsewhere = await ask(world.app, undefined, BEGIN, {}, { host: '192.0.2.1:4000' })
  expect(elsewhere.errors?.[0]?.message).toContain('EMAILAUTH_PUBLIC_URL')
})

test.each(['', '{}', 'null', '[]', '"x"', '{"id":1}', '{"id":"eA"}', `{"id":"${'x'.repeat(5000)}"}`, '{'])(
  '%j is no answer of a browser',
  async (response) => {
    const begun = await ask(world.app, undefined, BEGIN)
    const answer = await ask(
      world.app,
      undefined,
      SIGN_IN,
      { response },
      { cookie: cookieOf(begun, 'passkey') },
    )
    expect([answer.errors, outcome(answer)]).toEqual([undefined, 'WrongCredentials'])
    const adding = await ask(world.app, undefined, BEGIN_ADD, {}, { cookie: session.cookie })
    const cookie = `${session.cookie}; ${cookieOf(adding, 'passkey')}`
    expect(outcome(await ask(world.app, undefined, ADD, { name: 'x', response }, { cookie }))).toBe(
      'WrongCredentials',
    )
  },
)

test('an admin with a passkey gets no mail when mail sign-in is without-passkey', async () => {
  await add()
  const strict = await world.another({ mailSignIn: 'without-passkey' })
  const before = world.smtp.mails.length
  try {
    const request = 'mutation ($email: String!) { requestSignIn(email: $email) }'
    await ask(strict, undefined, request, { email: ADMIN_EMAIL })
  } finally {
    await strict.close()
  }
  expect(world.smtp.mails).toHaveLength(before)
  expect(world.log.join('')).toMatch(/"reason":"passkey"/)
  expect(await redisCommand(world.redis.port, 'KEYS', 'ea:sign-in:*')).toBe('')
})

test('where nobody signs in by mail, who removes a passkey, even that of another, keeps one', async () => {
  const removing = (id: string, app = world.app) =>
    ask(app, undefined, `mutation { removePasskey(id: "${id}") }`, {}, { cookie: session.cookie })
  for (const { id } of (await ask(world.app, world.adminKey, '{ passkeys { id } }')).data.passkeys)
    await removing(id)
  const strict = await world.another({ mailSignIn: 'never' })
  try {
    const { id } = (await add()).added.data.addPasskey
    const refused = await removing(id, strict)
    expect(refused.errors?.[0]).toMatchObject({
      message: expect.stringContaining('You would have no passkey'),
      extensions: { code: 'BAD_USER_INPUT' },
    })
    const other = (await add(createSoftwareAuthenticator(), 'Phone')).added.data.addPasskey
    expect((await removing(id, strict)).data.removePasskey).toBe(true)
    expect((await removing(other.id, strict)).errors).toHaveLength(1)
    expect((await removing(other.id)).data.removePasskey).toBe(true)
    const ofAnother = (await world.persist('/v1/passkeys', {
      email: 'grace@example.com',
      name: 'Phone',
      credentialId: 'aaaa',
      publicKey: 'aaaa',
      counter: 0,
      transports: [],
      isBackedUp: false,
    })) as { readonly id: string }
    expect((await removing(ofAnother.id, strict)).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
    await add()
    expect((await removing(ofAnother.id, strict)).data.removePasskey).toBe(true)
  } finally {
    await strict.close()
  }
})
