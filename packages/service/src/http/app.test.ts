import { problem } from '@emailauth/contracts/problems'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { buildServiceApp } from './app.ts'
import { ProblemError } from './problem-error.ts'

const serviceToken = 'a'.repeat(32)
const authorization = `Bearer ${serviceToken}`
let app: FastifyInstance
let redisAnswers = true

beforeEach(async () => {
  redisAnswers = true
  app = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    logger: undefined,
    readyChecks: [{ name: 'redis', check: async () => redisAnswers || Promise.reject(new Error('gone')) }],
    routes: (typed) => {
      const schema = {
        body: z.object({ n: z.number().max(9) }),
        response: { 200: z.object({ n: z.number() }) },
      }
      typed.post('/v1/echo', { schema }, async (request) => ({ n: request.body.n, hidden: 'left out' }))
      typed.get('/v1/fault', async () => {
        throw new Error('internal: redis at 10.0.0.1')
      })
      typed.get('/v1/limited', async () => {
        throw new ProblemError('rate-limited', 'Too fast.', { retryAfterSeconds: 7 })
      })
    },
  })
})
afterEach(() => app.close())

test('a route answers its shape and nothing beyond it', async () => {
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/echo',
    headers: { authorization },
    payload: { n: 5 },
  })
  expect(reply.json()).toEqual({ n: 5 })
})

test.each([undefined, 'Bearer', `Bearer ${'b'.repeat(32)}`, `bearer ${serviceToken}`, `${authorization} `])(
  'the header %j is a stranger: 401, also for the OpenAPI document',
  async (given) => {
    for (const url of ['/v1/fault', '/openapi.json', '/metrics']) {
      const reply = await app.inject({ url, headers: given === undefined ? {} : { authorization: given } })
      expect(reply.statusCode).toBe(401)
      expect(problem.parse(reply.json()).code).toBe('unauthenticated')
    }
  },
)

test('while the service token is replaced, both open every route; a part of one or both together do not', async () => {
  const other = 'b'.repeat(33)
  const both = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    listener: { tls: undefined, metricsPublic: false, alsoAcceptedTokens: [other] },
    logger: undefined,
    readyChecks: [],
    routes: (scope) => {
      scope.get('/v1/x', async () => ({ ok: true }))
    },
  })
  const statuses = async (token: string) => {
    const calls = ['/v1/x', '/openapi.json', '/metrics'].map((url) =>
      both.inject({ url, headers: { authorization: `Bearer ${token}` } }),
    )
    return (await Promise.all(calls)).map(({ statusCode }) => statusCode)
  }
  expect(await statuses(serviceToken)).toEqual([200, 200, 200])
  expect(await statuses(other)).toEqual([200, 200, 200])
  for (const wrong of [`${serviceToken},${other}`, other.slice(1), ''])
    expect(await statuses(wrong)).toEqual([401, 401, 401])
  await both.close()
})

test('/readyz asks for no token, and is not ready for a caller whose token is wrong', async () => {
  const statusOf = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/readyz', headers })).statusCode
  expect(await statusOf({})).toBe(200)
  expect(await statusOf({ authorization })).toBe(200)
  expect(await statusOf({ authorization: `Bearer ${'b'.repeat(32)}` })).toBe(401)
})

test('a token for metrics opens these and nothing else', async () => {
  const metricsToken = 'm'.repeat(32)
  const measured = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    listener: { tls: undefined, metricsPublic: false, metricsToken },
    logger: undefined,
    readyChecks: [],
    routes: (scope) => {
      scope.get('/v1/x', async () => ({ ok: true }))
    },
  })
  const statusOf = async (url: string, token: string) =>
    (await measured.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode
  expect(await statusOf('/metrics', metricsToken)).toBe(200)
  expect(await statusOf('/metrics', serviceToken)).toBe(200)
  for (const wrong of [metricsToken.slice(1), `${metricsToken}m`, 'undefined'])
    expect(await statusOf('/metrics', wrong)).toBe(401)
  for (const url of ['/v1/x', '/openapi.json']) expect(await statusOf(url, metricsToken)).toBe(401)
  await measured.close()
})

test.each([
  ['a wrong type', '{"n":"5"}', 400, 'bad-input'],
  ['a value out of bounds', '{"n":10}', 400, 'bad-input'],
  ['no JSON', '{', 400, 'bad-input'],
  ['no body', '', 400, 'bad-input'],
  ['a huge body', JSON.stringify({ n: 1, s: 'x'.repeat(5 * 1024 * 1024) }), 413, 'payload-too-large'],
])('%s is a clear problem', async (_name, payload, status, code) => {
  const headers = { authorization, 'content-type': 'application/json' }
  const reply = await app.inject({ method: 'POST', url: '/v1/echo', headers, payload })
  expect(reply.statusCode).toBe(status)
  expect(reply.headers['content-type']).toContain('application/problem+json')
  expect(problem.parse(reply.json())).toMatchObject({ code, status })
})

test('a fault is masked and bears the request id', async () => {
  const reply = await app.inject({ url: '/v1/fault', headers: { authorization, 'x-request-id': 'r-1' } })
  expect(reply.statusCode).toBe(500)
  expect(reply.body).not.toContain('10.0.0.1')
  expect(reply.json().requestId).toBe('r-1')
})

test('a rate limit gives the time of the next try', async () => {
  const reply = await app.inject({ url: '/v1/limited', headers: { authorization } })
  expect(reply.statusCode).toBe(429)
  expect(reply.headers['retry-after']).toBe('7')
})

test('an unknown route is a problem too', async () => {
  expect((await app.inject('/nowhere?q=1')).json()).toMatchObject({
    code: 'not-found',
    detail: 'There is no GET /nowhere here.',
  })
})

test('readiness names what does not answer; health goes on', async () => {
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ok', checks: { redis: 'ok' } })
  redisAnswers = false
  // An answer holds for a second.
  const reply = await eventually(async () => {
    const asked = await app.inject('/readyz')
    expect(asked.statusCode).toBe(503)
    return asked
  })
  expect(reply.json()).toEqual({ status: 'unavailable', checks: { redis: 'unavailable' } })
  expect((await app.inject('/healthz')).statusCode).toBe(200)
})

test('metrics count requests by route', async () => {
  await app.inject({ url: '/v1/limited', headers: { authorization } })
  const { body } = await app.inject({ url: '/metrics', headers: { authorization } })
  expect(body).toMatch(
    /emailauth_http_request_duration_seconds_count\{.*route="\/v1\/limited",status="429".*\} 1/,
  )
})

test('the OpenAPI document describes the routes', async () => {
  const reply = await app.inject({ url: '/openapi.json', headers: { authorization } })
  expect(Object.keys(reply.json().paths)).toContain('/v1/echo')
})
