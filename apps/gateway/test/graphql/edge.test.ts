import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

let world: World
let folder: string
let development: FastifyInstance
let production: FastifyInstance
beforeAll(async () => {
  world = await startWorld()
  folder = await mkdtemp(join(tmpdir(), 'emailauth-graphiql-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>GraphiQL</title>')
  await writeFile(join(folder, 'assets', 'index-1.js'), 'export {}')
  development = await world.another({ graphiqlFolder: folder })
  production = await world.another({ production: true, graphiqlFolder: folder })
})
afterAll(async () => {
  await Promise.all([development?.close(), production?.close()])
  await rm(folder, { recursive: true })
  await world?.stop()
})

const bearer = () => ({ authorization: `Bearer ${world.key}` })
const get = (app: FastifyInstance, query: string, headers: object = bearer(), more = '') =>
  app.inject({ url: `/graphql?query=${encodeURIComponent(query)}${more}`, headers: { ...headers } })
const post = (payload: object, headers: object = {}) =>
  world.app.inject({ method: 'POST', url: '/graphql', headers: { ...bearer(), ...headers }, payload })

test('a query by GET works with an API key and nothing else; a mutation never', async () => {
  const reply = await get(world.app, '{ viewer { scope } }')
  expect([reply.statusCode, reply.json()]).toEqual([200, { data: { viewer: { scope: 'TENANT' } } }])
  const named = await get(
    world.app,
    'query A($id: ID!) { tenant(id: $id) { id } } query B { viewer { scope } }',
    bearer(),
    `&operationName=A&variables=${encodeURIComponent('{"id":"demo"}')}`,
  )
  expect(named.json()).toEqual({ data: { tenant: { id: 'demo' } } })
  const mutation = await get(world.app, 'mutation { signOut }')
  expect([mutation.statusCode, mutation.headers.allow]).toEqual([405, 'POST'])
  // A session counts by POST, and never by what a link or a picture can cause.
  const { cookie } = await world.newSession()
  const query = '{ viewer { scope } }'
  const headers = { cookie, host: 'localhost' }
  const byPost = { method: 'POST', url: '/graphql', headers, payload: { query } } as const
  expect((await world.app.inject(byPost)).json().data.viewer.scope).toBe('ADMIN')
  for (const more of [{}, { 'apollo-require-preflight': '1' }, { 'content-type': 'application/json' }]) {
    const refused = await get(world.app, query, { ...headers, ...more })
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(refused.json().errors[0].extensions.code).toBe('UNAUTHENTICATED')
  }
  const unknown = await get(world.app, query, { ...headers, authorization: 'Bearer none' })
  expect(unknown.statusCode).toBe(401)
})

test('a browser gets GraphiQL in development, with its own scripts only, and a sentence in production', async () => {
  const page = await development.inject({ url: '/graphql', headers: { accept: BROWSER } })
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.body).toContain('GraphiQL')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toMatch(/script-src 'self'(;|$)/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect((await get(development, '{ viewer { scope } }', { accept: BROWSER })).body).toContain('GraphiQL')
  const script = await development.inject('/graphiql/assets/index-1.js')
  expect([script.statusCode, script.headers['cache-control']]).toEqual([
    200,
    'public, max-age=31536000, immutable',
  ])
  for (const app of [production, world.app]) {
    const sentence = await app.inject({ url: '/graphql', headers: { accept: BROWSER } })
    expect([sentence.statusCode, sentence.headers['content-type']]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ])
    expect(sentence.body).toMatch(/^This is the GraphQL API of emailauth.*\/schema\.graphql\.\n$/)
    expect((await app.inject('/graphiql/assets/index-1.js')).statusCode).toBe(404)
  }
  // Programs are no browsers, whatever they accept beside JSON.
  for (const accept of ['*/*', 'application/json, text/html', 'application/*, text/html;q=0.9'])
    expect(
      (await get(development, '{ viewer { scope } }', { ...bearer(), accept })).json().data,
    ).toBeDefined()
})

test('GET /schema.graphql is the committed schema, also in production and to who has no key', async () => {
  const committed = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8')
  for (const app of [development, production]) {
    const reply = await app.inject('/schema.graphql')
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([
      200,
      'application/graphql; charset=utf-8',
    ])
    expect(reply.body).toBe(committed)
    const small = await app.inject({ url: '/schema.graphql', headers: { 'accept-encoding': 'br' } })
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(committed)
    const headers = { 'if-none-match': String(reply.headers.etag) }
    const again = await app.inject({ url: '/schema.graphql', headers })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  }
})

test('operationName chooses among several operations, and "" names none', async () => {
  const query = 'query A { viewer { scope } } query B { __typename } subscription C { events { cursor } }'
  expect((await post({ query, operationName: 'B' })).json()).toEqual({ data: { __typename: 'Query' } })
  expect((await post({ query, operationName: 'A' })).json().data).toEqual({ viewer: { scope: 'TENANT' } })
  for (const operationName of ['', null, undefined, 'D', 'C']) {
    const reply = await post({ query, operationName })
    expect([operationName, reply.statusCode]).toEqual([operationName, 400])
  }
  for (const operationName of ['', null, undefined])
    expect((await post({ query: '{ __typename }', operationName })).statusCode).toBe(200)
  expect((await get(world.app, '{ __typename }', bearer(), '&operationName=')).statusCode).toBe(200)
  // One call of register in each operation is one call in a request: only one of them is run.
  const mutation = (name: string) =>
    `mutation ${name} { register(input: {email: "${freshAddress()}", token: "${name}"}) { __typename } }`
  const twice = await post({ query: `${mutation('A')} ${mutation('B')}`, operationName: 'B' })
  expect(twice.json()).toEqual({ data: { register: { __typename: 'Registered' } } })
})

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const)(
  '%s is 405 and says what is allowed',
  async (method) => {
    const graphql = await world.app.inject({ method, url: '/graphql', headers: bearer() })
    expect([graphql.statusCode, graphql.headers.allow]).toEqual([405, 'GET, POST'])
    if (method !== 'HEAD') expect(graphql.json().errors[0].extensions.code).toBe('BAD_USER_INPUT')
    for (const [url, allow] of [
      ['/v1/registrations', 'POST'],
      ['/v1/openapi.json', 'GET, HEAD'],
      ['/schema.graphql', 'GET, HEAD'],
    ] as const) {
      if (method === 'HEAD' && allow !== 'POST') continue
      const reply = await world.app.inject({ method, url, headers: bearer() })
      expect([url, reply.statusCode, reply.headers.allow]).toEqual([url, 405, allow])
    }
    expect((await world.app.inject({ method, url: '/nothing' })).statusCode).toBe(404)
  },
)

test('a compressed body is 415 and says to send it as it is', async () => {
  const payload = gzipSync(JSON.stringify({ query: '{ viewer { scope } }' }))
  for (const encoding of ['gzip', 'br', 'deflate, gzip', 'GZIP'])
    for (const url of ['/graphql', '/v1/registrations', '/v1/verifications']) {
      const headers = { ...bearer(), 'content-type': 'application/json', 'content-encoding': encoding }
      const reply = await world.app.inject({ method: 'POST', url, headers, payload })
      expect([url, reply.statusCode, reply.headers['accept-encoding']]).toEqual([url, 415, 'identity'])
    }
  const plain = await post({ query: '{ viewer { scope } }' }, { 'content-encoding': 'identity' })
  expect(plain.statusCode).toBe(200)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
    for (const url of ['/graphql', '/v1/registrations']) {
      const headers = { ...bearer(), 'content-type': type }
      const reply = await world.app.inject({ method: 'POST', url, headers, payload: '{}' })
      expect([url, reply.statusCode]).toEqual([url, 415])
    }
})

test('where a limit answers the head says so, by GraphQL on either path and by REST', async () => {
  const input = { email: freshAddress(), token: 't' }
  expect((await ask(world.app, world.key, REGISTER, { input })).data.register.__typename).toBe('Registered')
  for (let times = 0; times < 4; times++) {
    const limited = await ask(world.app, world.key, REGISTER, { input })
    const { limit, retryAfterSeconds } = limited.data.register
    expect(limit).toBe('EMAIL')
    expect(limited.headers).toMatchObject({
      'retry-after': String(retryAfterSeconds),
      ratelimit: `"email";r=0;t=${retryAfterSeconds}`,
    })
  }
  const rest = await world.app.inject({
    method: 'POST',
    url: '/v1/registrations',
    headers: bearer(),
    payload: input,
  })
  const { retryAfterSeconds } = rest.json()
  expect([rest.statusCode, rest.headers['retry-after'], rest.headers.ratelimit]).toEqual([
    429,
    String(retryAfterSeconds),
    `"email";r=0;t=${retryAfterSeconds}`,
  ])
  const fine = await ask(world.app, world.key, REGISTER, { input: { ...input, email: freshAddress() } })
  expect([fine.headers['retry-after'], fine.headers.ratelimit]).toEqual([undefined, undefined])
})
