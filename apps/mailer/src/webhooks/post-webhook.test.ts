import { createServer, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPostWebhook, type PostWebhookOptions } from './post-webhook.ts'

let server: Server
let port: number
let calls = 0
let connections = 0
beforeAll(async () => {
  server = createServer((request, reply) => {
    calls += 1
    request.resume()
    if (request.url === '/silent') return
    if (request.url === '/trickle') {
      const timer = setInterval(() => reply.write('x'), 50)
      reply.once('close', () => clearInterval(timer))
      return
    }
    if (request.url === '/endless') return void reply.write('x'.repeat(1_000_000))
    const [, interim] = request.url?.match(/^\/interim\/(\d+)$/) ?? []
    for (let i = 0; i < Number(interim ?? 0); i++) reply.writeProcessing()
    const [, bytes] = request.url?.match(/^\/bytes\/(\d+)$/) ?? []
    if (bytes !== undefined) return void reply.end('x'.repeat(Number(bytes)))
    const [, seconds] = request.url?.match(/^\/later\/(\d+)$/) ?? []
    if (seconds !== undefined) return void reply.writeHead(503, { 'retry-after': seconds }).end()
    const [, headerBytes] = request.url?.match(/^\/header\/(\d+)$/) ?? []
    if (headerBytes !== undefined) reply.setHeader('x-long', 'x'.repeat(Number(headerBytes)))
    reply.end('ok')
  })
  server.on('connection', () => connections++)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server?.closeAllConnections()
  server?.close()
})

const post = async (url: string, options: Partial<PostWebhookOptions> = {}) => {
  const sender = createPostWebhook({ timeoutMs: 2000, allowPrivate: false, allowPlaintext: true, ...options })
  return sender.post(url, {}, '{}').finally(sender.close)
}
const resolvesTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

const PRIVATE = 'The host of the URL has an address that is not public.'

test.each([
  '127.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '10.0.0.1',
  '169.254.169.254',
  '2130706433',
  '0x7f.1',
  '0',
])('nothing is sent to %s', async (host) => {
  const before = calls
  expect(await post(`http://${host}:${port}/`)).toEqual({ status: null, error: PRIVATE })
  expect(calls).toBe(before)
})

test.each([
  ['a private address', ['127.0.0.1']],
  ['a public address and a private one', ['93.184.216.34', '127.0.0.1']],
  ['the metadata service', ['169.254.169.254']],
  ['an IPv6 form of a private address', ['::ffff:10.0.0.1']],
])('a name that resolves to %s gets nothing', async (_what, addresses) => {
  const before = calls
  const url = `http://rebinding.example:${port}/`
  expect(await post(url, { lookup: resolvesTo(...addresses) })).toEqual({ status: null, error: PRIVATE })
  expect(calls).toBe(before)
})

test('a name is asked once for a connection: what was checked is what is connected to', async () => {
  let asked = 0
  // Public at first, private a moment later.
  const lookup: LookupFunction = (host, options, done) => {
    asked += 1
    resolvesTo(asked === 1 ? '192.88.99.1' : '127.0.0.1')(host, options, done)
  }
  const before = calls
  await post(`http://rebinding.example:${port}/`, { lookup, timeoutMs: 300 })
  expect([asked, calls]).toEqual([1, before])
})

test('with the permission of the operator it is sent', async () => {
  expect(await post(`http://127.0.0.1:${port}/`, { allowPrivate: true })).toEqual({
    status: 200,
    error: null,
  })
  const { error } = await post(`http://127.0.0.1:${port}/`, { allowPrivate: true, allowPlaintext: false })
  expect(error).toBe('The URL does not begin with https://, which the operator requires.')
})

test('an answer without an end counts by its status, and is read no further than its bound', async () => {
  expect(await post(`http://127.0.0.1:${port}/endless`, { allowPrivate: true })).toEqual({
    status: 200,
    error: null,
  })
})

test('a body that trickles is read no longer than the time-out, also after a collection of garbage', async () => {
  const before = calls
  const posted = post(`http://127.0.0.1:${port}/trickle`, { allowPrivate: true, timeoutMs: 2000 })
  await eventually(() => expect(calls).toBe(before + 1))
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  expect(await posted).toEqual({ status: 200, error: null })
})

test('ten interim answers may come before the answer, and no flood of them', async () => {
  const after = (count: number) => post(`http://127.0.0.1:${port}/interim/${count}`, { allowPrivate: true })
  expect(await after(10)).toEqual({ status: 200, error: null })
  expect(await after(11)).toEqual({ status: null, error: 'It sent too many interim answers (1xx).' })
})

test('the headers of an answer may take 16 KiB', async () => {
  const statusOf = async (bytes: number) =>
    (await post(`http://127.0.0.1:${port}/header/${bytes}`, { allowPrivate: true })).status
  expect(await statusOf(15 * 1024)).toBe(200)
  expect(await statusOf(17 * 1024)).toBeNull()
})

test('a connection is kept after an answer of 64 KiB, and closed rather than that more is read', async () => {
  const sender = createPostWebhook({ timeoutMs: 20_000, allowPrivate: true, allowPlaintext: true })
  async function connectionsOfSix(bytes: number) {
    const before = connections
    for (let i = 0; i < 6; i++) {
      const result = await sender.post(`http://127.0.0.1:${port}/bytes/${bytes}`, {}, '{}')
      expect(result).toEqual({ status: 200, error: null })
    }
    return connections - before
  }
  // A second one while the first is not quite free again.
  expect(await connectionsOfSix(65_536)).toBeLessThanOrEqual(2)
  expect(await connectionsOfSix(65_537)).toBeGreaterThanOrEqual(5)
  await sender.close()
})

test.each([
  ['7', 7000],
  ['3600', 3_600_000],
  ['3601', 3_600_000],
  ['999999999', 3_600_000],
  ['1000000000', undefined],
])('a receiver that asks for a pause of %s s gets one, of an hour at most', async (seconds, retryAfterMs) => {
  expect(await post(`http://127.0.0.1:${port}/later/${seconds}`, { allowPrivate: true })).toEqual({
    status: 503,
    error: 'It answered 503.',
    retryAfterMs,
  })
})

test('requests that hang do not hold up those to another path of the same host', async () => {
  const sender = createPostWebhook({ timeoutMs: 20_000, allowPrivate: true, allowPlaintext: true })
  const before = calls
  const hanging = Array.from({ length: 20 }, () => sender.post(`http://127.0.0.1:${port}/silent`, {}, '{}'))
  await eventually(() => expect(calls).toBe(before + 20))
  expect(await sender.post(`http://127.0.0.1:${port}/`, {}, '{}')).toEqual({ status: 200, error: null })
  await sender.close()
  expect((await Promise.all(hanging)).every(({ status }) => status === null)).toBe(true)
})

test('names are not looked up by the threads by which the mailer finds its relays', async () => {
  const posted = post('http://nobody.invalid/', { timeoutMs: 300 })
  await nextTurn()
  expect(process.getActiveResourcesInfo()).not.toContain('GetAddrInfoReqWrap')
  expect((await posted).status).toBeNull()
})

test('what goes wrong is said in a sentence', async () => {
  const failing =
    (code: string): LookupFunction =>
    (_host, _options, done) =>
      done(Object.assign(new Error('x'), { code }), '', 0)
  const url = 'http://nobody.example/'
  expect((await post(url, { lookup: failing('ENOTFOUND') })).error).toBe(
    'The name of the host cannot be resolved.',
  )
  expect((await post(`https://127.0.0.1:${port}/`, { allowPrivate: true })).error).toMatch(/^(Its cert|The )/)
})
