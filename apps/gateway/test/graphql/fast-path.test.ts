import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { numberMailedTo, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const VERIFY = `mutation V($input: VerifyInput!) {
  verify(input: $input) { __typename ... on Verified { email token registeredAt } ... on Problem { code message } }
}`
const REGISTER = `mutation R($input: RegisterInput!) {
  register(input: $input) { __typename ... on Registered { email delivery replaced } ... on RateLimited { limit retryAfterSeconds } }
}`

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** One request, its answer without what differs from request to request. */
async function send(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const reply = await world.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
  const { 'x-request-id': requestId, date: _, ...rest } = reply.headers
  if (reply.statusCode === 429) {
    // These tests have more new documents than a tenant may send.
    await wait(Number(reply.headers['retry-after']) * 1000)
    return send(body, headers)
  }
  return {
    status: reply.statusCode,
    headers: rest,
    body: reply.body.replaceAll(String(requestId), 'REQUEST'),
  }
}

/** The same document plus a comment. A cache takes it for another document, so Apollo answers it. */
let made = 0
const neverSeen = (query: string) => `${query} # ${made++}`

test.each([
  ['a wrong number', VERIFY, { input: { number: '123456789012' } }],
  [
    'all fields given',
    VERIFY,
    { input: { number: '1', email: 'ada@example.com', identityId: null, clientIp: '::1' } },
  ],
  ['bad input that persistence refuses', REGISTER, { input: { email: 'nobody', token: 't' } }],
  ['bad input that the gateway refuses', REGISTER, { input: { email: 'a@example.com', token: '' } }],
  ['a variable of the wrong type', VERIFY, { input: { number: 5 } }],
  ['a field that is not there', VERIFY, { input: { number: '1', nummer: '1' } }],
  ['no variables', VERIFY, undefined],
  ['variables that are null', VERIFY, null],
  ['variables that are a list', VERIFY, []],
] as [string, string, unknown][])(
  '%s: the short way answers as Apollo does, to the byte',
  async (_name, query, variables) => {
    for (const accept of ['application/json', 'application/graphql-response+json'])
      for (const operationName of [undefined, null, '', query.slice(9, 10), 'W']) {
        for (let times = 0; times < 4; times++) {
          const short = await send({ query, variables, operationName }, { accept })
          const long = await send({ query: neverSeen(query), variables, operationName }, { accept })
          expect(short).toEqual(long)
        }
      }
  },
)

test.each([
  ['another media type', { query: VERIFY }, { accept: 'application/graphql-response+json' }],
  ['an operation name', { query: VERIFY, operationName: 'V' }, {}],
  ['a wrong operation name', { query: VERIFY, operationName: 'W' }, {}],
  ['extensions', { query: VERIFY, extensions: { a: 1 } }, {}],
  ['no key', { query: VERIFY }, { authorization: '' }],
  ['a wrong key', { query: VERIFY }, { authorization: 'Bearer ea_x' }],
  ['a media type with parameters', { query: VERIFY }, { 'content-type': 'application/json; charset=utf-8' }],
] as [string, { query: string }, Record<string, string>][])(
  '%s: the same answer for a known document',
  async (_name, body, headers) => {
    const variables = { input: { number: '123456789012' } }
    await send({ query: VERIFY, variables })
    const known = await send({ ...body, variables }, headers)
    expect(known).toEqual(await send({ ...body, variables, query: neverSeen(body.query) }, headers))
  },
)

test("an admin's key stays forbidden, and a tenant's key does not open the way for it", async () => {
  await send({ query: VERIFY, variables: { input: { number: '1' } } })
  const refused = await send(
    { query: VERIFY, variables: { input: { number: '1' } } },
    { authorization: `Bearer ${world.adminKey}` },
  )
  expect(JSON.parse(refused.body).errors[0].extensions.code).toBe('FORBIDDEN')
})

test('the round trip by the short way: mail, token, once', async () => {
  for (const email of ['one@example.com', 'two@example.com', 'three@example.com', 'four@example.com']) {
    const registered = await send({
      query: REGISTER,
      variables: { input: { email, token: `token of ${email}` } },
    })
    expect(JSON.parse(registered.body).data.register).toEqual({
      __typename: 'Registered',
      email,
      delivery: 'SENT',
      replaced: false,
    })
    const number = numberMailedTo(world.smtp.mails, email)
    const [first, second] = [
      await send({ query: VERIFY, variables: { input: { number } } }),
      await send({ query: VERIFY, variables: { input: { number } } }),
    ]
    expect(JSON.parse(first.body).data.verify).toMatchObject({
      __typename: 'Verified',
      token: `token of ${email}`,
    })
    expect(JSON.parse(second.body).data.verify.__typename).toBe('WrongCredentials')
  }
})

test('a document with two fields of the fast path is never learnt', async () => {
  const query =
    'mutation V($input: VerifyInput!) { a: verify(input: $input) { __typename } b: verify(input: $input) { __typename } }'
  for (let times = 0; times < 4; times++) {
    expect((await send({ query, variables: { input: { number: '1' } } })).status).toBe(400)
  }
})
