import { expect, test } from 'vitest'
import { DEFAULT_WEBHOOK_LIMITS } from './limits.ts'
import { createWorkEndpoint } from './work-endpoint.ts'

/** An endpoint that never runs out of events, each of whose answers takes this long. */
async function attemptsOfATurn(answerMs: number): Promise<number> {
  let nowMs = 0
  let attempts = 0
  const target = { url: 'https://hooks.example/', secrets: [{ secret: 'whsec_AAAA', until: null }] }
  const event = { type: 'REGISTERED', body: '{}', atMs: 0 }
  const work = createWorkEndpoint({
    store: {
      claim: async (_id: string, most: number) =>
        Array.from({ length: most }, (_, i) => ({ lane: `l${i}`, id: `e${i}`, event, tries: 0 })),
      finish: async () => undefined,
    },
    endpoints: { get: async () => ({ version: 1, enabled: true, target }) },
    failures: { add: async () => {} } as never,
    sender: {
      async post() {
        attempts++
        // Ten of them at a time.
        nowMs += answerMs / 10
        return { status: 204, error: null }
      },
      close: async () => {},
    },
    limits: DEFAULT_WEBHOOK_LIMITS,
    metrics: { attempted: () => {}, gaveUp: () => {} },
    logger: undefined,
    now: () => nowMs,
  })
  await work('demo.wh_0000000000000000', new AbortController().signal)
  return attempts
}

test('a turn ends after 200 deliveries, and begins none after ten seconds', async () => {
  expect(await attemptsOfATurn(10)).toBe(200)
  const slow = await attemptsOfATurn(DEFAULT_WEBHOOK_LIMITS.timeoutMs)
  expect(slow).toBeGreaterThanOrEqual(5)
  expect(slow).toBeLessThanOrEqual(20)
})

test('an event for an endpoint whose key is missing is tried again after ten minutes', async () => {
  const claims = [[{ lane: 'l', id: 'e', event: undefined, tries: 0 }]]
  const finished: unknown[] = []
  const work = createWorkEndpoint({
    store: {
      claim: async () => claims.pop() ?? [],
      finish: async (_id: string, _claimed: unknown, end: unknown) => void finished.push(end),
    },
    endpoints: { get: async () => 'sealed' as const },
    failures: {} as never,
    sender: {} as never,
    limits: DEFAULT_WEBHOOK_LIMITS,
    metrics: {} as never,
    logger: undefined,
    now: () => 1000,
  })
  await work('demo.wh_0000000000000000', new AbortController().signal)
  expect(finished).toEqual([{ outcome: 'retrying', nextAtMs: 601_000 }])
})
