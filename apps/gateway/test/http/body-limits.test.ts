import { BODY_LIMITS } from '@emailauth/contracts/body-limits'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { afterEach, expect, test } from 'vitest'
import { anApiKey } from '../access/an-api-key.ts'
import { API_KEY, DOCUMENT, type LoneGateways, post, startLoneGateways } from '../services/lone-gateways.ts'
import { firstOfReply, portOf } from './raw-http.ts'

let gateways: LoneGateways
afterEach(() => gateways.stop())

const tenantsKey = anApiKey({ scope: 'tenant', tenantId: 'demo' })
/** Thousands of keys, which take milliseconds to parse. */
const manyParts = Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`k${at}`, 0]))

/** Far longer than a reply takes on a busy machine: one that comes did not wait for the body. */
const PATIENT = { headersMs: 30_000, requestMs: 30_000, replyMs: 60_000 }

test.each([
  ['/nowhere', '', 404],
  ['/admin/nowhere', '', 404],
  ['/healthz', '', 405],
  ['/v1/registrations', '', 401],
  ['/v1/registrations', 'Authorization: Bearer ea_x\r\n', 401],
])('%s with "%s" is refused before its body has come', async (path, header, status) => {
  gateways = await startLoneGateways(tenantsKey)
  const app = await gateways.build({ requestLimits: PATIENT })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n${header}Content-Type: application/json\r\n`
  const reply = await firstOfReply(portOf(app), `${head}Content-Length: 60000\r\n\r\n{`)
  expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

test('a key that persistence does not know is refused before the body has come', async () => {
  gateways = await startLoneGateways({ ...tenantsKey, revokedAt: tenantsKey.createdAt })
  const app = await gateways.build({ requestLimits: PATIENT })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const head = `POST /v1/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${generateApiKey().key}\r\n`
  const reply = await firstOfReply(portOf(app), `${head}Content-Length: 60\r\n\r\n{`)
  expect(reply).toMatch(/^HTTP\/1\.1 401 /)
})

test('a tenant and a stranger send 500 parts, an admin any number', async () => {
  gateways = await startLoneGateways(tenantsKey)
  const ofTenants = await gateways.build()
  // Then the key is known, and the fast path looks at the next call.
  expect((await post(ofTenants, { query: DOCUMENT })).statusCode).toBe(200)
  const body = { query: DOCUMENT, extensions: manyParts }
  for (const headers of [{}, { authorization: 'none' }]) {
    const refused = await post(ofTenants, body, headers)
    expect([refused.statusCode, refused.json().errors[0].message]).toEqual([
      400,
      'The body has more than 500 keys and items; only an admin may send more.',
    ])
  }
  const byRest = await ofTenants.inject({
    method: 'POST',
    url: '/v1/registrations',
    headers: { authorization: `Bearer ${API_KEY}` },
    payload: manyParts,
  })
  expect(byRest.json()).toMatchObject({ code: 'bad-input', detail: expect.stringContaining('more than 500') })
  await gateways.stop()

  gateways = await startLoneGateways()
  expect((await post(await gateways.build(), body)).statusCode).toBe(200)
})

test('who sends a large body cannot be checked for the moment: 503, not 400', async () => {
  gateways = await startLoneGateways()
  const app = await gateways.build({ persistenceUrl: 'http://127.0.0.1:9' })
  const reply = await post(app, { query: DOCUMENT, extensions: manyParts })
  expect([reply.statusCode, reply.json().errors[0].extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE'])
})

test.each([
  ['/graphql', BODY_LIMITS.graphql],
  ['/v1/registrations', BODY_LIMITS.registration],
  ['/v1/verifications', BODY_LIMITS.restCall],
  ['/v1/exchanges', BODY_LIMITS.restCall],
  ['/v1/resends', BODY_LIMITS.restCall],
])('a body of %s has %i bytes at most', async (url, most) => {
  gateways = await startLoneGateways(tenantsKey)
  const app = await gateways.build()
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
  const statusOf = async (bytes: number) =>
    (await app.inject({ method: 'POST', url, headers, payload: '{}'.padEnd(bytes) })).statusCode
  expect(await statusOf(most)).toBe(400)
  expect(await statusOf(most + 1)).toBe(413)
})
