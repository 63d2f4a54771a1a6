import { once } from 'node:events'
import { connect } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, beforeEach, expect, type MockInstance, test, vi } from 'vitest'
import { portOf } from '../http/raw-http.ts'
import { freshAddress, numberMailedTo, REGISTER, startWorld, VERIFY, type World } from '../world.ts'
import {
  bodyOf,
  exchangeBytes,
  keptOpen,
  learn,
  neverSeen,
  requestBytes,
  type Shape,
  variables,
} from './graphql-bytes.ts'

let world: World
let port: number
/** Called with each request that goes through Fastify. */
let viaFastify: MockInstance
beforeAll(async () => {
  world = await startWorld()
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  port = portOf(world.app)
  await learn(port, world.key, VERIFY, REGISTER)
})
afterAll(() => world?.stop())
beforeEach(() => {
  viaFastify = vi.spyOn(world.app, 'routing')
})

const request = (body: string | Buffer, shape?: Shape) => requestBytes(world.key, body, shape)
const exchange = (...pieces: Buffer[]) => exchangeBytes(port, ...pieces)

/** The same on the fast path. The request may be made again: at first its key may have to be looked up. */
async function exchangeOnFastPath(...pieces: Buffer[]): Promise<Buffer> {
  return eventually(async () => {
    viaFastify.mockClear()
    const reply = await exchange(...pieces)
    expect(viaFastify).not.toHaveBeenCalled()
    return reply
  })
}

/** All bytes of a reply but for what differs from request to request. */
function comparable(reply: Buffer): string {
  const text = reply.toString('latin1')
  const id = /\r\nx-request-id: (\S+)/i.exec(text)?.[1] ?? 'none'
  return text.replaceAll(id, 'ID').replace(/\r\nDate: .*/i, '')
}

const USUAL: [string, Shape, string?, object?][] = [
  ['a wrong number', {}],
  ['another type of answer', { head: ['Accept: application/graphql-response+json'] }],
  ['any type of answer', { head: ['Accept: */*', 'User-Agent: a', 'Accept-Encoding: gzip, br'] }],
  ['a charset', { head: ['Content-Type: application/json; charset=utf-8'] }],
  ['a cookie beside the key', { head: ['Cookie: emailauth-session=a.b'] }],
  ['an id of the caller', { head: ['X-Request-Id: 1', 'X-Forwarded-For: 203.0.113.9'] }],
  ['letters of any script', {}, VERIFY, { input: { number: 'ünï 🙂', clientIp: '١٢' } }],
  ['an older protocol', { line: 'POST /graphql HTTP/1.0' }],
  ['bad input', {}, VERIFY, { input: { number: '1'.repeat(300) } }],
  ['bad input of a register', {}, REGISTER, { input: { email: 'nobody', token: 't' } }],
]

test.each(USUAL)(
  '%s: answered without Fastify, to the byte as with it',
  async (_what, shape, query = VERIFY, given = variables) => {
    const body = (text: string) => JSON.stringify({ query: text, variables: given })
    const reply = comparable(await exchangeOnFastPath(request(body(query), shape)))
    expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(reply).toBe(comparable(await exchange(request(body(neverSeen(query)), shape))))
    expect(viaFastify).toHaveBeenCalledOnce()
  },
)

test('a body in pieces, and one behind its head', async () => {
  const whole = request(bodyOf(VERIFY))
  const at = whole.indexOf('\r\n\r\n') + 4
  const [head, body] = [whole.subarray(0, at), whole.subarray(at)]
  const expected = comparable(await exchangeOnFastPath(whole))
  expect(comparable(await exchangeOnFastPath(head, body))).toBe(expected)
  const pieces = Array.from({ length: 20 }, (_, i) =>
    body.subarray(i * 10, i === 19 ? undefined : i * 10 + 10),
  )
  expect(comparable(await exchangeOnFastPath(head, ...pieces))).toBe(expected)
})

test('variables that do not fit: Fastify and Apollo get the request whole, though its body was read', async () => {
  const body = (query: string) => JSON.stringify({ query, variables: { input: { number: 5 } } })
  const known = comparable(await exchange(request(body(VERIFY))))
  expect(viaFastify).toHaveBeenCalledOnce()
  expect(known).toMatch(/^HTTP\/1\.1 \d{3} [\s\S]*BAD_USER_INPUT/)
  expect(known).toBe(comparable(await exchange(request(body(neverSeen(VERIFY))))))
})

const HOSTILE: [string, Shape, ((query: string) => string | Buffer)?][] = [
  ['two hosts', { head: ['Host: a', 'Host: b'] }],
  ['two keys', { head: ['Authorization: Bearer a', 'Authorization: Bearer b'] }],
  ['two types', { head: ['Content-Type: application/json', 'Content-Type: text/plain'] }],
  ['two types that may repeat', { head: ['Accept: */*', 'accept: text/html'] }],
  ['no key', { head: ['Authorization: none'] }],
  ['a key that is none', { head: ['Authorization: Bearer ea_x'] }],
  ['a key that is too long', { head: [`Authorization: Bearer ${'a'.repeat(400)}`] }],
  ['a compressed body', { head: ['Content-Encoding: gzip'] }],
  ['a type that a form can post', { head: ['Content-Type: text/plain'] }],
  ['no type', { head: ['Content-Type: none'] }],
  ['another charset', { head: ['Content-Type: application/json; charset=latin1'] }],
  ['an answer that cannot be', { head: ['Accept: text/html'] }],
  ['an origin', { head: ['Origin: https://evil.example'] }],
  ['an upgrade', { head: ['Upgrade: websocket', 'Connection: Upgrade'] }],
  ['an expectation', { head: ['Expect: 100-continue'] }],
  ['a query string', { line: 'POST /graphql?a=1 HTTP/1.1' }],
  ['another path', { line: 'POST /graphq%6c HTTP/1.1' }],
  ['another method', { line: 'PUT /graphql HTTP/1.1' }],
  ['a body that is too large', {}, (query) => bodyOf(query) + ' '.repeat(70_000)],
  [
    'an endless body',
    { head: ['Transfer-Encoding: chunked', 'Content-Length: none'] },
    (query) => {
      const body = bodyOf(query)
      return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    },
  ],
  ['no JSON', {}, (query) => `${bodyOf(query)}}`],
  ['bytes that are no text', {}, (query) => Buffer.concat([Buffer.from(bodyOf(query)), Buffer.of(0xff)])],
  ['a prototype', {}, (query) => bodyOf(query).replace('"number"', '"__proto__":{},"number"')],
  ['a hidden prototype', {}, (query) => bodyOf(query).replace('"number"', '"\\u005f_proto__":{},"number"')],
  [
    'a constructor',
    {},
    (query) => bodyOf(query).replace('"number"', '"constructor":{"prototype":1},"number"'),
  ],
  ['several operations', {}, (query) => `[${bodyOf(query)}]`],
  ['more fields', {}, (query) => bodyOf(query).replace('{', '{"extensions":{"a":1},')],
  ['another operation', {}, (query) => bodyOf(query).replace('{', '{"operationName":"W",')],
  ['variables that are a list', {}, (query) => JSON.stringify({ query, variables: [] })],
]

test.each(HOSTILE)(
  '%s: goes through Fastify, and a known document changes nothing',
  async (_what, shape, body = bodyOf) => {
    const known = comparable(await exchange(request(body(VERIFY), shape)))
    expect(viaFastify).toHaveBeenCalledOnce()
    expect(known).toMatch(/^HTTP\/1\.1 \d{3} /)
    expect(known).toBe(comparable(await exchange(request(body(neverSeen(VERIFY)), shape))))
  },
)

test("an admin's key, a key of nobody and a revoked one are refused", async () => {
  const key = await world.newKey({ scope: 'tenant', tenantId: 'demo', name: 'for now' })
  const answer = async (bearer: string) =>
    (await exchange(request(bodyOf(VERIFY), { head: [`Authorization: Bearer ${bearer}`] }))).toString()
  expect(await answer(world.adminKey)).toContain('"FORBIDDEN"')
  // Not a letter: the key may end with it.
  expect(await answer(`${key.slice(0, -1)}_`)).toContain('"UNAUTHENTICATED"')
  await eventually(async () => {
    viaFastify.mockClear()
    expect(await answer(key)).toContain('WRONG_CREDENTIALS')
    expect(viaFastify).not.toHaveBeenCalled()
  })
  await world.remove(`/v1/api-keys/${key.split('_')[1]}`)
  await eventually(async () => expect(await answer(key)).toContain('"UNAUTHENTICATED"'))
})

test('a limit says so in the head, and a token comes once', async () => {
  const email = freshAddress()
  const register = request(
    JSON.stringify({ query: REGISTER, variables: { input: { email, token: 'a token' } } }),
  )
  // On a busy machine the mail is sent after the answer.
  expect((await exchange(register)).toString()).toMatch(/"delivery":"(SENT|QUEUED)"/)
  const limited = (await exchangeOnFastPath(register)).toString()
  expect(limited).toMatch(/\r\nretry-after: \d+\r\nratelimit: "email";r=0;t=\d+\r\n/)
  const number = await eventually(() => numberMailedTo(world.smtp.mails, email))
  const verify = request(JSON.stringify({ query: VERIFY, variables: { input: { number } } }))
  expect((await exchange(verify)).toString()).toContain('"token":"a token"')
  expect((await exchangeOnFastPath(verify)).toString()).toContain('WRONG_CREDENTIALS')
})

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['none', undefined, (body: Buffer) => body],
] as const)('a large answer is compressed as its caller likes it: %s', async (accepted, encoding, open) => {
  const email = freshAddress()
  const token = 'ü'.repeat(2000)
  const head = [`Accept-Encoding: ${accepted}`]
  await exchange(request(JSON.stringify({ query: REGISTER, variables: { input: { email, token } } })))
  const number = await eventually(() => numberMailedTo(world.smtp.mails, email))
  // The same name brings the same answer.
  const input = { number, idempotencyKey: email }
  const reply = await exchangeOnFastPath(
    request(JSON.stringify({ query: VERIFY, variables: { input } }), { head }),
  )
  const at = reply.indexOf('\r\n\r\n')
  const headers = reply.subarray(0, at).toString()
  expect(headers).toContain('\r\nvary: accept-encoding\r\n')
  expect(/content-encoding: (\S+)/.exec(headers)?.[1]).toBe(encoding)
  expect(Number(/content-length: (\d+)/.exec(headers)?.[1])).toBe(reply.length - at - 4)
  expect(JSON.parse(open(reply.subarray(at + 4)).toString()).data.verify.token).toBe(token)
})

test('requests in a row on one connection are answered in their order', async () => {
  const body = (number: string) => JSON.stringify({ query: VERIFY, variables: { input: { number } } })
  const [wrong, bad] = [body('123456789012'), body('1'.repeat(300))]
  const row = Buffer.concat([keptOpen(request(bad)), keptOpen(request(wrong)), request(bad)])
  // The first one on the fast path, and those that wait behind it through Fastify.
  expect((await exchange(row)).toString().match(/"BAD_USER_INPUT"|WRONG_CREDENTIALS/g)).toEqual([
    '"BAD_USER_INPUT"',
    'WRONG_CREDENTIALS',
    '"BAD_USER_INPUT"',
  ])
})

test('a client that goes away before the end of its body harms nobody', async () => {
  const whole = request(bodyOf(VERIFY))
  const socket = connect(port, '127.0.0.1')
  socket.write(whole.subarray(0, whole.length - 5))
  await once(socket, 'connect')
  socket.destroy()
  expect((await exchange(whole)).toString()).toContain('WRONG_CREDENTIALS')
})

test('both ways are counted in the same metrics', async () => {
  const count = async (line: RegExp) => Number(line.exec((await world.app.inject('/metrics')).body)?.[1] ?? 0)
  const requests =
    /^emailauth_http_request_duration_seconds_count\{.*method="POST",route="\/graphql",status="200".*\} (\d+)/m
  const operations =
    /^emailauth_graphql_operation_duration_seconds_count\{.*operation="verify",code="OK".*\} (\d+)/m
  const before = [await count(requests), await count(operations)] as const
  await exchange(request(bodyOf(VERIFY)))
  await exchange(request(bodyOf(neverSeen(VERIFY))))
  expect([await count(requests), await count(operations)]).toEqual([before[0] + 2, before[1] + 2])
})
