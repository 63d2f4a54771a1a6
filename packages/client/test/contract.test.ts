import { eventually, START_MS } from '@emailauth/testing/eventually'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  AuthenticationError,
  createClient,
  type EmailauthClient,
  EmailauthError,
  ForbiddenError,
  InputError,
  requestIdOf,
} from '../src/client.ts'
import { createFakeEmailauth } from '../src/testing/testing.ts'
import { eventContract } from './event-contract.ts'
import { webhookContract } from './webhook-contract.ts'

interface Subject {
  /** Types a number into the hosted page; the result that it returns with. */
  typeOnPage(identityId: string, number: string): Promise<string | undefined> | string | undefined
  readonly client: EmailauthClient
  numberFor(email: string): Promise<string | undefined> | string | undefined
}

const RETURN_URL = 'https://shop.example.com/back'
const WRONG = { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS' }

async function typeOnPage(identityId: string, number: string): Promise<string | undefined> {
  const body = new URLSearchParams({ number, attempt: 'a' })
  const reply = await fetch(`${system.url}/verify/${identityId}`, {
    method: 'POST',
    body,
    redirect: 'manual',
  })
  const location = reply.headers.get('location')
  return location === null
    ? undefined
    : (new URL(location, system.url).searchParams.get('result') ?? undefined)
}

let system: TestSystem
beforeAll(async () => {
  system = await startSystem()
  const admin = createClient({ url: system.url, apiKey: system.adminKey, timeoutMs: 60_000 })
  const settings = { returnUrls: [RETURN_URL] }
  // A starved machine refuses calls while its Redis gets no CPU.
  await eventually(() => admin.updateTenant({ id: 'demo', settings }), START_MS)
})
afterAll(() => system?.stop())

const fake = createFakeEmailauth({ receiveWebhook: (request) => fetch(request, { redirect: 'manual' }) })
const subjects: [string, () => Subject][] = [
  ['the fake', () => ({ client: fake, numberFor: fake.numberFor, typeOnPage: fake.typeOnPage })],
  [
    'the real gateway',
    () => ({
      client: createClient({
        url: `${system.url}/graphql`,
        apiKey: system.apiKey,
        timeoutMs: 60_000,
        webSocket: WebSocket,
      }),
      numberFor: system.numberFor,
      typeOnPage,
    }),
  ],
]

let last = 0
const freshAddress = () => `ada-${process.pid}-${Date.now()}-${++last}@example.com`

describe.each(subjects)('%s', (_name, subject) => {
  test('a number is traded for its token, once', async () => {
    const { client, numberFor } = subject()
    const email = freshAddress()
    const registered = await client.register({
      email: ` ${email.replace('example.com', 'EXAMPLE.com')} `,
      token: 'héllo',
    })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    expect(registered).toMatchObject({ email, delivery: 'SENT', replaced: false })
    const number = (await numberFor(email)) ?? ''
    const { identityId } = registered
    const wrong = { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS' }
    expect(await client.verify({ number, identityId: `${identityId}x` })).toMatchObject(wrong)
    expect(await client.verify({ number, email: 'eve@example.com' })).toMatchObject(wrong)
    const typed = number.replaceAll(' ', '-')
    const answers = await Promise.all([1, 2, 3].map(() => client.verify({ number: typed, identityId })))
    const verified = answers.filter(({ __typename }) => __typename === 'Verified')
    expect(verified).toEqual([
      {
        __typename: 'Verified',
        identityId,
        email,
        token: 'héllo',
        registeredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ])
    expect(await client.resend(identityId)).toMatchObject({
      __typename: 'IdentityNotFound',
      code: 'IDENTITY_NOT_FOUND',
    })
    expect(await client.identity(identityId)).toBeNull()
  })

  test('the same idempotency key gets the same answer', async () => {
    const { client, numberFor } = subject()
    const email = freshAddress()
    const input = { email, token: 't', idempotencyKey: `k-${email}` }
    const first = await client.register(input)
    expect(await client.register(input)).toEqual(first)
    const another = client.register({ ...input, token: 'other' })
    await expect(another).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'idempotencyKey' })
    const number = (await numberFor(email)) ?? ''
    const verify = { number, idempotencyKey: `v-${email}` }
    const verified = await client.verify(verify)
    expect(verified.__typename).toBe('Verified')
    expect(await client.verify(verify)).toEqual(verified)
  })

  test('a number that was typed into the hosted page is traded by its result, once', async () => {
    const { client, numberFor, typeOnPage } = subject()
    const email = freshAddress()
    const registered = await client.register({ email, token: 'mine' })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    const { identityId } = registered
    const number = (await numberFor(email)) ?? ''
    expect(await typeOnPage(identityId, '12345678')).toBeUndefined()
    const result = (await typeOnPage(identityId, number)) ?? ''
    expect(result).toMatch(/^[\w-]{43}$/)
    expect(await client.verify({ number, identityId })).toMatchObject(WRONG)
    expect(await client.exchange({ identityId, result: `${result}x` })).toMatchObject(WRONG)
    const call = { identityId, result, idempotencyKey: `e-${email}` }
    const exchanged = await client.exchange(call)
    expect(exchanged).toMatchObject({ __typename: 'Verified', identityId, email, token: 'mine' })
    expect(await client.exchange(call)).toEqual(exchanged)
    expect(await client.exchange({ identityId, result })).toMatchObject(WRONG)
  })

  test('identities are listed and revoked', async () => {
    const { client, numberFor } = subject()
    const email = freshAddress()
    const registered = await client.register({ email, token: 't', expiresInSeconds: 120 })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    const { nodes, totalCount } = await client.identities({ filter: { email: email.toUpperCase() } })
    expect(totalCount).toBeGreaterThan(0)
    expect(nodes).toEqual(
      [
        {
          id: registered.identityId,
          email,
          tenant: { id: expect.any(String), name: expect.any(String) },
          createdAt: expect.any(String),
          expiresAt: registered.expiresAt,
          delivery: {
            state: 'SENT',
            attempts: 1,
            reason: null,
            updatedAt: expect.any(String),
            nextAttemptAt: null,
          },
        },
      ].map((identity) => ({
        ...identity,
        delivery: expect.objectContaining({ state: 'SENT', nextAttemptAt: null }),
      })),
    )
    expect(await client.identity(registered.identityId)).toMatchObject({ email })
    const number = (await numberFor(email)) ?? ''
    expect(await client.revoke(registered.identityId)).toBe(true)
    expect(await client.revoke(registered.identityId)).toBe(false)
    expect((await client.verify({ number })).__typename).toBe('WrongCredentials')
  })

  test.each([
    [{ email: 'no address', token: 't' }, 'email'],
    [{ email: 'ada@example.com', token: '' }, 'token'],
    [{ email: 'ada@example.com', token: 't', expiresInSeconds: 59 }, 'expiresInSeconds'],
    [{ email: 'ada@example.com', token: 't', idempotencyKey: 'é' }, 'idempotencyKey'],
    [{ email: 'ada@example.com', token: 't', idempotencyKey: 'a b' }, 'idempotencyKey'],
    [{ email: 'ada@example.com', token: '\ud800' }, 'token'],
  ])('%j breaks the rule of %s', async (input, field) => {
    const error = await subject()
      .client.register(input)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  test.each([
    ['register', 'email'],
    ['verify', 'number'],
    ['exchange', 'identityId'],
  ] as const)('%s without an input rejects, and says that it needs %s', async (name, field) => {
    // A caller without types.
    const call = subject().client[name] as (input?: object | null) => Promise<unknown>
    for (const input of [undefined, null, {}]) {
      const error = await call(input).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(InputError)
      expect(error).toMatchObject({
        name: 'InputError',
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining(`Field "${field}" of required type`),
      })
    }
  })

  test("what needs an admin key is refused with a tenant's", async () => {
    const { client } = subject()
    await expect(client.tenants()).rejects.toThrow(ForbiddenError)
    await expect(client.tenants()).rejects.toThrow(EmailauthError)
    expect(await client.viewer()).toMatchObject({ scope: 'TENANT', tenant: { id: expect.any(String) } })
  })

  test("a tenant's key sees its own tenant and no other", async () => {
    const { client } = subject()
    const id = (await client.viewer()).tenant?.id ?? ''
    const tenant = await client.tenant(id)
    expect(tenant).toMatchObject({ id, name: expect.any(String), createdAt: expect.stringMatching(/Z$/) })
    // Both have the settings that a new tenant has, but for what this file sets.
    const admin = createClient({ url: system.url, apiKey: system.adminKey })
    const fresh = await admin.createTenant({ id: `new-${freshAddress().slice(4, -12)}`, name: 'New' })
    const { returnUrls: _, version: __, ...settings } = tenant?.settings ?? fresh.settings
    expect(fresh).toMatchObject({ status: tenant?.status, testMode: tenant?.testMode, settings })
    expect(Object.keys(tenant?.settings ?? {}).sort()).toEqual(Object.keys(fresh.settings).sort())
    expect(await client.tenant(fresh.id)).toBeNull()
    expect(await client.tenant('No Such')).toBeNull()
  })

  eventContract(subject, freshAddress)
  webhookContract(() => subject().client, freshAddress)
})

test('statistics, request ids and a refused key, at the real gateway', async () => {
  const client = createClient({ url: system.url, apiKey: system.apiKey, timeoutMs: 60_000 })
  const viewer = await client.viewer()
  expect(requestIdOf(viewer)).toMatch(/^[\w-]{8,}$/)
  const { buckets } = await client.statistics({ from: new Date(Date.now() - 3_600_000), step: 'HOUR' })
  expect(buckets.length).toBeGreaterThan(0)
  expect(await client.graphql('{ viewer { scope } }')).toEqual({ viewer: { scope: 'TENANT' } })
  const stranger = createClient({
    url: system.url,
    apiKey: `${system.apiKey.slice(0, -1)}_`,
    webSocket: WebSocket,
  })
  await expect(stranger.viewer()).rejects.toThrow(AuthenticationError)
  await expect(stranger.events({ after: '0' }).next()).rejects.toThrow(AuthenticationError)
})

test('an older document that spreads RegisterResult under resend goes on working', async () => {
  const client = createClient({ url: system.url, apiKey: system.apiKey })
  const document = `mutation ($id: ID!) { resend(input: { identityId: $id }) { ...R } }
    fragment R on RegisterResult { __typename ... on Registered { email } ... on Problem { code } ... on IdentityNotFound { message } }`
  expect(await client.graphql(document, { id: 'demo.x' })).toMatchObject({
    resend: { code: 'IDENTITY_NOT_FOUND' },
  })
})
