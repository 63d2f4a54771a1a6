import { afterEach, expect, test, vi } from 'vitest'
import { type Answer, graphqlError, json, startGateway } from '../test/gateway.ts'
import {
  type ClientOptions,
  createClient,
  requestIdOf,
  UnavailableError,
  UnreachableError,
} from './client.ts'

const VIEWER = { data: { viewer: { scope: 'TENANT' } } }
let gateway: Awaited<ReturnType<typeof startGateway>>
afterEach(() => gateway.stop())

async function clientWith(options: Partial<ClientOptions>, ...answers: Answer[]) {
  gateway = await startGateway(...answers)
  return createClient({ url: gateway.url, apiKey: 'ea_key', ...options })
}

test('a URL may be the base or the endpoint, with or without a slash', async () => {
  gateway = await startGateway(VIEWER)
  for (const path of ['', '/', '/graphql', '/graphql/', '/mail/graphql', '/mail/']) {
    await createClient({ url: gateway.url + path, apiKey: 'k' }).viewer()
  }
  expect(gateway.calls.map(({ url }) => url)).toEqual([
    ...['/graphql', '/graphql', '/graphql', '/graphql'],
    ...['/mail/graphql', '/mail/graphql'],
  ])
})

test.each([
  [{ retry: { maxRetries: 0 } }, {}, 1],
  [{ retry: { maxRetries: 3, baseDelayMs: 1 } }, {}, 4],
  [{}, { maxRetries: 2 }, 3],
  [{}, {}, 2],
])('%j and %j: %i attempts', async (options, call, attempts) => {
  const client = await clientWith(options, graphqlError(503, { code: 'SERVICE_UNAVAILABLE' }))
  await expect(client.viewer(call)).rejects.toThrow(UnavailableError)
  expect(gateway.calls).toHaveLength(attempts)
})

test('a server that asks for a longer pause than is allowed is not asked again', async () => {
  const client = await clientWith({}, (r) => json(r, 503, {}, { 'retry-after': '30' }))
  await expect(client.viewer()).rejects.toMatchObject({ retryAfterSeconds: 30 })
  expect(gateway.calls).toHaveLength(1)
})

test("the caller's signal ends a call, also between two attempts", async () => {
  const client = await clientWith(
    { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 }, timeoutMs: 600_000 },
    (r) => r.destroy(),
  )
  const stop = new AbortController()
  const reason = new Error('enough')
  const call = client.viewer({ signal: stop.signal })
  await vi.waitFor(() => expect(gateway.calls).toHaveLength(1), 10_000)
  stop.abort(reason)
  await expect(call).rejects.toBe(reason)
  await expect(client.viewer({ signal: stop.signal })).rejects.toBe(reason)
  expect(gateway.calls).toHaveLength(1)
})

test('hooks see attempts, may add headers, and may fail', async () => {
  const seen: unknown[] = []
  const client = await clientWith(
    {
      retry: { baseDelayMs: 1 },
      userAgent: 'my-shop/2.1',
      hooks: {
        onRequest({ headers, ...info }) {
          headers.set('traceparent', 'x')
          seen.push(['request', info, headers.get('user-agent')])
        },
        onResponse({ durationMs, ...info }) {
          seen.push(['response', info])
          throw new Error('a logger that is broken')
        },
        onError: ({ willRetry, attempt }) => seen.push(['error', attempt, willRetry]),
      },
    },
    (r) => r.destroy(),
    (r) => json(r, 200, VIEWER, { 'x-request-id': 'r-7' }),
  )
  const viewer = await client.viewer()
  expect(requestIdOf(viewer)).toBe('r-7')
  const agent = expect.stringMatching(/^my-shop\/2\.1 emailauth-client\/\d+\.\d+\.\d+$/)
  expect(seen).toEqual([
    ['request', { operation: 'viewer', attempt: 1 }, agent],
    ['error', 1, true],
    ['request', { operation: 'viewer', attempt: 2 }, agent],
    ['response', { operation: 'viewer', attempt: 2, status: 200, requestId: 'r-7' }],
  ])
})

test('a redirect is not followed but reported', async () => {
  const client = await clientWith({}, (r) => r.writeHead(308, { location: 'http://127.0.0.1:9/' }).end())
  const error = await client.viewer({ maxRetries: 0 }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(UnreachableError)
  expect(String(error)).toContain('redirects')
  expect(gateway.calls).toHaveLength(1)
})
