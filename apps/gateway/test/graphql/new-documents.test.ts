import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TENANTS_RATE } from '../../src/graphql/documents/document-budgets.ts'
import { STRANGERS_RATE } from '../../src/graphql/documents/new-documents.ts'
import { anApiKey } from '../access/an-api-key.ts'
import { API_KEY, DOCUMENT, type LoneGateways, startLoneGateways } from '../services/lone-gateways.ts'

let gateways: LoneGateways
beforeEach(async () => {
  // The minute stands still, so that it has room for 300 requests on a busy machine too.
  vi.useFakeTimers({ toFake: ['Date'] })
  gateways = await startLoneGateways(anApiKey({ scope: 'tenant', tenantId: 'demo' }))
})
afterEach(async () => {
  vi.useRealTimers()
  await gateways.stop()
})

async function startGateway() {
  // On a busy machine the tests' own event loop may lag.
  const app = await gateways.build({ load: { maxEventLoopDelayMs: 60_000 } })
  const send = (query: string | undefined, remoteAddress: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/graphql', remoteAddress, headers, payload: { query } })
  const isRefused = async (...call: Parameters<typeof send>) => (await send(...call)).statusCode === 429
  /** A stranger of 2001:db8::/64 sends as many new documents as one may. */
  const useUp = async (queryOf: (at: number) => string) => {
    const all = Array.from({ length: STRANGERS_RATE.most }, (_, at) =>
      isRefused(queryOf(at), `2001:db8::${at}`),
    )
    expect(await Promise.all(all)).not.toContain(true)
  }
  return { app, send, isRefused, useUp }
}

const HERE = '2001:db8::ffff:1'

test('a stranger has 300 new documents a minute; known ones and callers with a key go on', async () => {
  expect(STRANGERS_RATE).toEqual({ most: 300, windowMs: 60_000 })
  const ours = '{ viewer { canChange: scope } }'
  await writeFile(join(gateways.folder, 'persisted-documents.json'), JSON.stringify({ 'sha256:1': ours }))
  const { app, send, isRefused, useUp } = await startGateway()
  await send('{ __typename }', '192.0.2.1')
  // Some are good, some cannot be validated, some not even parsed.
  await useUp((at) => `{ a${at}${['', ': __typename', '('][at % 3]} }`)

  const refused = await send('{ b: __typename }', HERE, { accept: 'application/graphql-response+json' })
  const type = 'application/graphql-response+json; charset=utf-8'
  expect([refused.statusCode, refused.headers['content-type']]).toEqual([429, type])
  expect(refused.headers['retry-after']).toBe('60')
  const requestId = refused.headers['x-request-id']
  expect(refused.json().errors[0].extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', requestId })
  expect(await isRefused('subscription { events { at } }', HERE)).toBe(true)

  expect(await isRefused('{ __typename }', HERE)).toBe(false)
  expect(await isRefused(ours, HERE)).toBe(false)
  expect(await isRefused('{ b: __typename }', '2001:db8:0:1::1')).toBe(false)
  expect(await isRefused(DOCUMENT, HERE, { authorization: `Bearer ${API_KEY}` })).toBe(false)
  expect(await isRefused(undefined, HERE)).toBe(false)
  expect((await app.inject({ url: '/healthz', remoteAddress: HERE })).statusCode).toBe(200)
  vi.setSystemTime(Date.now() + STRANGERS_RATE.windowMs)
  expect(await isRefused('{ e: __typename }', HERE)).toBe(false)
})

test('a client whose key is not valid gets 401, so that it does not wait in vain', async () => {
  const { app, send, useUp } = await startGateway()
  await useUp((at) => `{ a${at} }`)
  for (const authorization of ['Bearer nonsense', 'Basic eDp5']) {
    const { statusCode, headers, body } = await send('{ not parsed', HERE, { authorization })
    expect([statusCode, headers['www-authenticate'], headers['retry-after']]).toEqual([
      401,
      'Bearer',
      undefined,
    ])
    expect(body).toContain('"code":"UNAUTHENTICATED"')
  }
  const byGet = { url: '/graphql?query={d:__typename}', headers: { authorization: 'Bearer nonsense' } }
  expect((await app.inject({ ...byGet, remoteAddress: HERE })).statusCode).toBe(401)
})

test('large documents in turn, more than are kept, are new each time', async () => {
  const { isRefused } = await startGateway()
  const padded = (at: number) => `{ a${at % 80}: __typename } ${'#\n'.repeat(1900)}`
  for (let at = 0; at < STRANGERS_RATE.most; at++) expect(await isRefused(padded(at), HERE)).toBe(false)
  expect(await isRefused(padded(STRANGERS_RATE.most), HERE)).toBe(true)
})

test('a document that is too long to be kept is new each time', async () => {
  const { isRefused, useUp } = await startGateway()
  const padded = `{ __typename } ${'#\n'.repeat(2500)}`
  await useUp(() => padded)
  expect(await isRefused(padded, HERE)).toBe(true)
})

test('a tenant with another document in each call gets 429; documents that are known go on', async () => {
  const { app, send } = await startGateway()
  const authorization = `Bearer ${API_KEY}`
  const ask = (query: string) => send(query, HERE, { authorization })
  // None of them is known when the first comes, and they count as one.
  const same = await Promise.all(Array.from({ length: 2 * TENANTS_RATE.saved }, () => ask(DOCUMENT)))
  expect(same.filter(({ statusCode }) => statusCode !== 200)).toEqual([])
  const flood = Array.from({ length: 4 * TENANTS_RATE.saved }, (_, at) => ask(`{ a${at}: viewer { scope } }`))
  const answers = await Promise.all(flood)
  const refused = answers.filter(({ statusCode }) => statusCode === 429)
  expect(answers.filter(({ statusCode }) => statusCode === 200).length + refused.length).toBe(answers.length)
  expect(refused[0]?.headers['retry-after']).toMatch(/^[1-9]/)
  expect(refused[0]?.json().errors[0]).toMatchObject({
    message: expect.stringContaining('send its values as variables'),
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  })
  expect((await ask(DOCUMENT)).statusCode).toBe(200)
  const anothers = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query: '{ c: __typename }' },
  })
  expect(anothers.statusCode).toBe(200)
})

test.each([
  ['other documents', (at: number) => `{ a${at}: viewer { scope } }`, 200],
  ['one document with a fault', () => '{ viewer { nothing } }', 400],
])('%s that wait for one look-up of the key are paid for too', async (_what, queryOf, status) => {
  const { send } = await startGateway()
  const began = performance.now()
  const all = await Promise.all(
    Array.from({ length: 4 * TENANTS_RATE.saved }, (_, at) =>
      send(queryOf(at), HERE, { authorization: `Bearer ${API_KEY}` }),
    ),
  )
  const earned = ((performance.now() - began) / 1000) * TENANTS_RATE.perSecond
  const taken = all.filter(({ statusCode }) => statusCode === status).length
  expect(taken).toBeGreaterThanOrEqual(TENANTS_RATE.saved)
  expect(taken).toBeLessThanOrEqual(TENANTS_RATE.saved + earned)
  expect(all.filter(({ statusCode }) => statusCode === 429)).toHaveLength(all.length - taken)
})

test('refused documents are counted by whose they were', async () => {
  const app = await gateways.build({ load: { maxEventLoopDelayMs: 60_000 }, metricsPublic: true })
  const send = (at: number, headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/graphql', headers, payload: { query: `{ a${at}: __typename }` } })
  const tenants = Array.from({ length: 4 * TENANTS_RATE.saved }, (_, at) =>
    send(at, { authorization: `Bearer ${API_KEY}` }),
  )
  const refused = (await Promise.all(tenants)).filter(({ statusCode }) => statusCode === 429)
  const strangers = Array.from({ length: STRANGERS_RATE.most + 3 }, (_, at) => send(1000 + at, {}))
  await Promise.all(strangers)
  const { body } = await app.inject('/metrics')
  expect(body).toContain(
    `emailauth_documents_refused_total{caller="tenant",service="gateway"} ${refused.length}\n`,
  )
  expect(body).toContain('emailauth_documents_refused_total{caller="stranger",service="gateway"} 3\n')
})

test('a document that repeats much, or a long one of a stranger, is refused before it is validated', async () => {
  const { send } = await startGateway()
  const answerTo = async (query: string, headers?: Record<string, string>) => {
    const reply = await send(query, HERE, headers)
    return [reply.statusCode, reply.json().errors?.map(({ message }: Error) => message)]
  }
  const repeated = [400, [expect.stringMatching(/^A document may repeat 200 fields/)]]
  expect(await answerTo(`{ ${'viewer { scope } '.repeat(60)} }`)).toEqual(repeated)
  const authorization = `Bearer ${API_KEY}`
  expect(await answerTo(`{ ${'viewer { scope } '.repeat(60)} }`, { authorization })).toEqual(repeated)

  const long = (length: number) => '{ __typename }'.padEnd(length)
  const tooLong = 'Without a valid API key or session a document may have 8192 characters.'
  expect(await answerTo(long(8192))).toEqual([200, undefined])
  expect(await answerTo(long(8193))).toEqual([400, [tooLong]])
  expect(await answerTo(long(8193), { authorization })).toEqual([200, undefined])
})

test('subscriptions that are refused by HTTP count too', async () => {
  const { send } = await startGateway()
  const authorization = `Bearer ${API_KEY}`
  const ask = (at: number) => send(`subscription s${at} { events { at } }`, HERE, { authorization })
  // With a key that is not known yet all would be let in at the same moment.
  await ask(0)
  const all = await Promise.all(Array.from({ length: 4 * TENANTS_RATE.saved }, (_, at) => ask(at)))
  expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set([400, 429]))
})
