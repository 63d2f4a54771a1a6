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
  const failed = client.viewer().catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  const error = await failed
  expect(error).toBeInstanceOf(UnreachableError)
  expect(String(error)).toContain('did not answer within 1000 ms')
  expect(askedAtMs).toHaveLength(4)
  for (const [attempt, ms] of askedAtMs.entries()) {
    expect(ms).toBeGreaterThanOrEqual(attempt * 250)
    expect(ms).toBeLessThanOrEqual(attempt * 250 + 5)
  }
  expect(passedMs()).toBeLessThanOrEqual(1005)
})
