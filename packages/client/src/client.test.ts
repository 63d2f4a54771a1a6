import { afterEach, expect, test } from 'vitest'
import { type Answer, graphqlError, json, startGateway } from '../test/gateway.ts'
import { createClient, EmailauthError } from './client.ts'

const registered = {
  __typename: 'Registered',
  identityId: 'demo.x',
  email: 'ada@example.com',
  expiresAt: '2026-11-20T10:10:00.000Z',
  delivery: 'SENT',
  replaced: false,
}
const input = { email: 'ada@example.com', token: 'hello' }

let gateway: Awaited<ReturnType<typeof startGateway>>
afterEach(() => gateway.stop())

async function clientWith(...answers: Answer[]) {
  gateway = await startGateway(...answers)
  return createClient({ url: gateway.url, apiKey: 'ea_key', timeoutMs: 60_000 })
}

async function faultOf(promise: Promise<unknown>): Promise<EmailauthError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EmailauthError)
  return error as EmailauthError
}

test('register sends the input, the key and an idempotency key of its own each time', async () => {
  const client = await clientWith({ data: { register: registered } })
  expect(await client.register(input)).toEqual(registered)
  await client.register(input)
  const [first, second] = gateway.calls
  expect(first).toMatchObject({ url: '/graphql', authorization: 'Bearer ea_key', variables: { input } })
  expect(first?.variables.input?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
  expect(first?.variables.input?.idempotencyKey).not.toBe(second?.variables.input?.idempotencyKey)
})

test('expected outcomes are values', async () => {
  const limited = {
    __typename: 'RateLimited',
    code: 'RATE_LIMITED',
    message: 'm',
    limit: 'EMAIL',
    retryAfterSeconds: 7,
  }
  const client = await clientWith({ data: { register: limited } })
  const result = await client.register(input)
  expect(result.__typename === 'RateLimited' && result.retryAfterSeconds).toBe(7)
  expect(gateway.calls).toHaveLength(1)
})

const lost: [string, Answer][] = [
  ['a lost reply', (response) => response.destroy()],
  [
    'half a reply',
    (response) => response.writeHead(200, { 'content-length': '99' }).write('{"da', () => response.destroy()),
  ],
  ['a 503', graphqlError(503, { code: 'SERVICE_UNAVAILABLE' })],
  ["a proxy's 502 page", (response) => response.writeHead(502).end('<html>Bad gateway</html>')],
  ['a cut JSON text', (response) => response.end('{"data":{"reg')],
]

test.each(lost)('after %s register asks once more under the same key', async (_name, answer) => {
  const client = await clientWith(answer, { data: { register: registered } })
  expect(await client.register(input)).toEqual(registered)
  const keys = gateway.calls.map(({ variables }) => variables.input?.idempotencyKey)
  expect(keys).toEqual([keys[0], keys[0]])
})

test.each(lost)('after %s verify keeps the idempotency key it was given', async (_name, answer) => {
  const verified = { __typename: 'Verified', identityId: 'i', email: 'e', token: 't', registeredAt: 'r' }
  const client = await clientWith(answer, { data: { verify: verified } })
  expect(await client.verify({ number: '1', idempotencyKey: 'mine' })).toEqual(verified)
  expect(gateway.calls.map(({ variables }) => variables.input?.idempotencyKey)).toEqual(['mine', 'mine'])
})

test('a reply that is lost twice is a fault, and nothing is sent a third time', async () => {
  const client = await clientWith((response) => response.destroy())
  const error = await faultOf(client.verify({ number: '1' }))
  expect(error).toMatchObject({
    code: 'UNREACHABLE',
    message: `emailauth at ${gateway.url} cannot be reached (UND_ERR_SOCKET).`,
  })
  expect(error.cause).toBeInstanceOf(Error)
  expect(gateway.calls).toHaveLength(2)
})

test.each([
  [
    'a port that speaks no TLS',
    (url: string) => url.replace('http:', 'https:'),
    String.raw`\(ERR_SSL_\w+\)\. Does it speak http://, not https://\?`,
  ],
  ['a host that does not exist', () => 'http://emailauth.invalid', String.raw`\(E\w+\)\.`],
])('the message says why: %s', async (_name, urlOf, why) => {
  gateway = await startGateway()
  const client = createClient({ url: urlOf(gateway.url), apiKey: 'ea_key', timeoutMs: 60_000 })
  const { message } = await faultOf(client.revoke('i'))
  expect(message).toMatch(new RegExp(`cannot be reached ${why}$`))
})

test.each([
  ['none', new TypeError('Load failed')],
  ['one that is no code', Object.assign(new Error('x'), { code: 'two\nlines' })],
])('a browser tells no reason, and the message has none: %s', async (_name, cause) => {
  gateway = await startGateway()
  const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
  const client = createClient({ url: gateway.url, apiKey: 'ea_key', fetch })
  const { message } = await faultOf(client.revoke('i'))
  expect(message).toBe(`emailauth at ${gateway.url} cannot be reached.`)
})

test('a mutation that bears no idempotency key is never sent twice', async () => {
  const client = await clientWith((response) => response.destroy())
  for (const call of [() => client.resend('i'), () => client.revoke('i'), () => client.deleteTenant('t')])
    await faultOf(call())
  expect(gateway.calls).toHaveLength(3)
})

test.each([
  ['UNAUTHENTICATED', graphqlError(401, { code: 'UNAUTHENTICATED' })],
  ['FORBIDDEN', graphqlError(200, { code: 'FORBIDDEN' })],
  ['BAD_USER_INPUT', graphqlError(200, { code: 'BAD_USER_INPUT' })],
  ['BAD_USER_INPUT', graphqlError(400, { code: 'GRAPHQL_VALIDATION_FAILED' })],
  ['INTERNAL_SERVER_ERROR', graphqlError(200, {})],
  ['INTERNAL_SERVER_ERROR', (r) => r.writeHead(500).end('<h1>500</h1>')],
  ['UNAUTHENTICATED', (r) => r.writeHead(401).end()],
  ['FORBIDDEN', (r) => r.writeHead(403).end('no')],
  ['BAD_USER_INPUT', (r) => r.writeHead(413).end('too much')],
  ['UNREACHABLE', (r) => r.writeHead(404).end('<h1>nginx</h1>')],
  ['UNREACHABLE', (r) => r.writeHead(200).end('')],
  ['UNREACHABLE', (r) => r.writeHead(200).end('[1]')],
  ['UNREACHABLE', (r) => r.writeHead(200).end('null')],
  ['UNREACHABLE', { data: { other: 1 } }],
  ['UNREACHABLE', { data: null }],
  ['UNREACHABLE', (r) => r.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()],
] satisfies [string, Answer][])('%s (%#)', async (code, answer) => {
  const client = await clientWith(answer)
  expect((await faultOf(client.viewer())).code).toBe(code)
})

test('a fault carries request id, field and time to wait', async () => {
  const extensions = { code: 'BAD_USER_INPUT', requestId: 'r-1', field: 'input.email', retryAfterSeconds: 3 }
  const client = await clientWith(graphqlError(200, extensions))
  expect(await faultOf(client.register(input))).toMatchObject({ ...extensions, message: 'Refused.' })
  expect(gateway.calls).toHaveLength(1)
})

test('what a GraphQL error leaves out is read from the headers', async () => {
  const client = await clientWith((r) => json(r, 429, {}, { 'retry-after': '9', 'x-request-id': 'r-2' }))
  expect(await faultOf(client.viewer())).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    retryAfterSeconds: 9,
    requestId: 'r-2',
  })
})

test('pages follow each other to the end, and a cursor that stands still ends them', async () => {
  const page = (id: string, endCursor: string | null, hasNextPage: boolean) => ({
    data: { identities: { nodes: [{ id }], pageInfo: { hasNextPage, endCursor }, totalCount: 3 } },
  })
  const client = await clientWith(page('a', 'A', true), page('b', 'B', true), page('c', 'B', true))
  const ids: string[] = []
  for await (const { nodes } of client.identityPages({ first: 1, filter: { email: 'e' } })) {
    ids.push(...nodes.map(({ id }) => id))
  }
  expect(ids).toEqual(['a', 'b', 'c'])
  expect(gateway.calls.map(({ variables }) => variables)).toEqual([
    { first: 1, filter: { email: 'e' } },
    { first: 1, filter: { email: 'e' }, after: 'A' },
    { first: 1, filter: { email: 'e' }, after: 'B' },
  ])
})

test('a base below a path keeps its path', async () => {
  gateway = await startGateway({ data: { viewer: { scope: 'ADMIN' } } })
  for (const url of [`${gateway.url}/mail`, new URL(`${gateway.url}/mail/`)]) {
    await createClient({ url, apiKey: 'k' }).viewer()
  }
  expect(gateway.calls.map(({ url }) => url)).toEqual(['/mail/graphql', '/mail/graphql'])
})

test('invalid options are refused at once, without showing the key', async () => {
  gateway = await startGateway()
  for (const url of ['', 'localhost:4000', 'ftp://h', 'javascript:1']) {
    expect(() => createClient({ url, apiKey: 'k' })).toThrow(TypeError)
  }
  for (const apiKey of ['', 'ea_secret\n', 'ea_secret x', 'ea_séc', undefined as unknown as string]) {
    const make = () => createClient({ url: 'http://h', apiKey })
    expect(make).toThrow('The API key is empty')
    expect(make).not.toThrow('secret')
  }
})
