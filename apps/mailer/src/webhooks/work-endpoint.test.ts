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
    byKey: { offer: () => expect.unreachable() },
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

test('an endpoint whose key is missing is offered to mailers that have it, and its events wait', async () => {
  const offered: unknown[] = []
  const work = createWorkEndpoint({
    store: { claim: () => expect.unreachable(), finish: () => expect.unreachable() },
    endpoints: { get: async () => ({ missingKey: '01020304' }) },
    failures: {} as never,
    byKey: { offer: async (...offer) => void offered.push(offer) },
    sender: {} as never,
    limits: DEFAULT_WEBHOOK_LIMITS,
    metrics: {} as never,
    logger: undefined,
    now: () => 1000,
  })
  const id = 'demo.wh_0000000000000000'
  expect(await work(id, new AbortController().signal)).toBe(31_000)
  expect(offered).toEqual([['01020304', id]])
})
