import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClient, UnreachableError } from './client.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A gateway that never answers, and when it was asked. */
function silentGateway() {
  const beganAt = performance.now()
  const askedAtMs: number[] = []
  const fetch: typeof globalThis.fetch = (_url, init) => {
    askedAtMs.push(Math.round(performance.now() - beganAt))
    return new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  return { askedAtMs, fetch, passedMs: () => Math.round(performance.now() - beganAt) }
}

test('the deadline holds for all attempts together, each of which has an equal part of what is left', async () => {
  const { fetch, askedAtMs, passedMs } = silentGateway()
  const retry = { maxRetries: 3, baseDelayMs: 1, maxDelayMs: 1 }
  const client = createClient({ url: 'http://gateway', apiKey: 'k', fetch, timeoutMs: 1000, retry })
  const { error, afterMs } = await failureOf(client.viewer(), passedMs)
  expect(error).toBeInstanceOf(UnreachableError)
  expect(error).toMatchObject({ message: 'emailauth at http://gateway did not answer within 1000 ms.' })
  expect(askedAtMs).toHaveLength(4)
  for (const [attempt, ms] of askedAtMs.entries()) {
    expect(ms).toBeGreaterThanOrEqual(attempt * 250)
    expect(ms).toBeLessThanOrEqual(attempt * 250 + 5)
  }
  expect(afterMs).toBeLessThanOrEqual(1005)
})

test('without a setting a call is given up after ten seconds', async () => {
  const { fetch, passedMs } = silentGateway()
  const call = createClient({ url: 'http://gateway', apiKey: 'k', fetch }).viewer()
  const { error, afterMs } = await failureOf(call, passedMs)
  expect(error).toBeInstanceOf(UnreachableError)
  expect(afterMs).toBeGreaterThanOrEqual(9990)
  expect(afterMs).toBeLessThanOrEqual(10_010)
})

/**
 * Why a call failed, and when. The time is read at the failure: the clock runs on for each timer that is set,
 * also for one of another test file in this process.
 */
async function failureOf(call: Promise<unknown>, passedMs: () => number) {
  const failed = call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => ({ error, afterMs: passedMs() }),
  )
  await vi.runAllTimersAsync()
  return failed
}

/** A gateway that takes 100 ms for each answer. */
function slowGateway(
  ...answers: readonly [status: number, body: object, headers?: Record<string, string>][]
) {
  const requests: Headers[] = []
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    requests.push(new Headers(init?.headers))
    await new Promise((answered) => setTimeout(answered, 100))
    const [status, body, headers] = answers[Math.min(requests.length, answers.length) - 1] ?? [500, {}]
    return new Response(JSON.stringify(body), { status, ...(headers === undefined ? {} : { headers }) })
  }
  return { requests, fetch }
}

/** What a call comes to while the clock runs. */
async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  const settled = call.catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  return settled
}

const OPTIONS = { url: 'http://gateway', apiKey: 'k' }
const AWAY = [503, {}, { 'retry-after': '0.5' }] as const

test('hooks see how long each attempt took, and whether another one follows', async () => {
  const { fetch, requests } = slowGateway([...AWAY], [200, { data: { viewer: { scope: 'TENANT' } } }])
  const seen: object[] = []
  const client = createClient({
    ...OPTIONS,
    fetch,
    hooks: {
      onError: ({ durationMs, willRetry }) => seen.push({ durationMs: Math.round(durationMs), willRetry }),
      onResponse: ({ durationMs }) => seen.push({ durationMs: Math.round(durationMs) }),
    },
  })
  expect(await outcomeOf(client.viewer())).toEqual({ scope: 'TENANT' })
  expect(seen).toEqual([{ durationMs: 100, willRetry: true }, { durationMs: 100 }])
  expect(Object.fromEntries(requests[0] ?? [])).toMatchObject({
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
  })
  expect(vi.getTimerCount()).toBe(0)
})

test('what would be asked again after the deadline is not', async () => {
  const { fetch, requests } = slowGateway([...AWAY])
  expect(await outcomeOf(createClient({ ...OPTIONS, fetch, timeoutMs: 550 }).viewer())).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  })
  expect(requests).toHaveLength(1)
})

test('an answer without the field is named; any document gets its data, asked for once', async () => {
  const { fetch, requests } = slowGateway([200, { data: { tenants: [] } }])
  const client = createClient({ ...OPTIONS, fetch })
  expect(await outcomeOf(client.viewer())).toMatchObject({
    message: 'The answer of http://gateway lacks "viewer".',
  })
  expect(await outcomeOf(client.graphql('{ tenants { id } }'))).toEqual({ tenants: [] })
  expect(requests).toHaveLength(2)
})

test('an attempt that the caller ends fails with its reason', async () => {
  const { fetch } = silentGateway()
  const caller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => caller.abort(reason), 10)
  expect(await outcomeOf(createClient({ ...OPTIONS, fetch }).viewer({ signal: caller.signal }))).toBe(reason)
})

test('after an attempt without a reply register asks once more under the same key', async () => {
  const keys: unknown[] = []
  const fetch: typeof globalThis.fetch = (_url, init) => {
    keys.push(JSON.parse(String(init?.body)).variables.input.idempotencyKey)
    if (keys.length > 1)
      return Promise.resolve(
        new Response(JSON.stringify({ data: { register: { __typename: 'Registered' } } })),
      )
    return new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  const registered = createClient({ ...OPTIONS, fetch }).register({ email: 'ada@example.com', token: 't' })
  expect(await outcomeOf(registered)).toEqual({ __typename: 'Registered' })
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0]])
})
