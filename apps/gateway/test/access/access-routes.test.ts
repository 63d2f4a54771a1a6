import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type TestSession, type World } from '../world.ts'

/**
 * Every route of the gateway, and its reply to a stranger. For the fields of `/graphql` see access-rules.ts.
 */
const ROUTES: Readonly<Record<string, { readonly status: number; readonly also?: number }>> = {
  '/': { status: 302 },
  '/admin': { status: 301 },
  '/healthz': { status: 200 },
  // Not ready is no secret either.
  '/readyz': { status: 200, also: 503 },
  '/metrics': { status: 401 },
  '/graphql': { status: 401 },
  // POST only, with a tenant's key: rest.test.ts.
  '/v1/registrations': { status: 405 },
  '/v1/verifications': { status: 405 },
  '/v1/resends': { status: 405 },
  '/v1/exchanges': { status: 405 },
  '/v1/openapi.json': { status: 200 },
  // The page that a tenant may use; an id that nobody has is not found: hosted-page.test.ts.
  '/verify/:identityId': { status: 404 },
  // Below it, by POST only.
  '/resend': { status: 404 },
  // The public contract.
  '/schema.graphql': { status: 200 },
  // POST only, signed by a provider: mail-hooks.test.ts.
  '/hooks/mail/:provider': { status: 405 },
}

const METRICS_TOKEN = 'm'.repeat(32)

let world: World
let session: TestSession
beforeAll(async () => {
  world = await startWorld(
    {},
    { metricsPublic: false, metricsToken: METRICS_TOKEN },
    { EMAILAUTH_METRICS_TOKEN: METRICS_TOKEN },
  )
  session = await world.newSession()
})
afterAll(() => world?.stop())

/** The routes by path, read from Fastify's route tree. */
function routes(): string[] {
  const printed = world.app.printRoutes({ commonPrefix: false }).split('\n')
  return printed.flatMap((line) => {
    const [, path] = /([^\s─]*) \([A-Z, ]+\)$/.exec(line) ?? []
    return path === undefined ? [] : [path.startsWith('/') ? path : `/${path}`]
  })
}

const get = (path: string, headers: Record<string, string>) =>
  world.app.inject({
    method: 'GET',
    url: path === '/graphql' ? '/graphql?query={viewer{scope}}' : path,
    headers: { host: 'localhost', 'apollo-require-preflight': 'yes', ...headers },
  })

test('every route has a row', () => {
  expect(routes().sort()).toEqual(Object.keys(ROUTES).sort())
})

test.each(Object.entries(ROUTES))('a stranger at %s', async (path, { status, also }) => {
  const strangers = [{}, { authorization: 'nonsense' }, { authorization: 'Bearer ea_nonsense' }]
  for (const headers of strangers) {
    expect([status, also]).toContain((await get(path, headers)).statusCode)
  }
})

test('metrics need the service token, or one that opens nothing else; keys and sessions are refused', async () => {
  for (const key of [world.key, world.adminKey]) {
    expect((await get('/metrics', { authorization: `Bearer ${key}` })).statusCode).toBe(401)
  }
  expect((await get('/metrics', { cookie: session.cookie })).statusCode).toBe(401)
  for (const token of [world.env.EMAILAUTH_SERVICE_TOKEN, METRICS_TOKEN])
    expect((await get('/metrics', { authorization: `Bearer ${token}` })).statusCode).toBe(200)
  expect((await get('/graphql', { authorization: `Bearer ${METRICS_TOKEN}` })).statusCode).toBe(401)
  const service = await fetch(`${world.persistence.url}/openapi.json`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  })
  expect(service.status).toBe(401)
})
