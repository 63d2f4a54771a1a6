import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MessageName } from '../message-state/message-name.ts'
import { createOpenAttempts } from './open-attempts.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => void vi.useRealTimers())

const name: MessageName = { identityId: 'demo.a', messageId: 'demo.a.1' }

/** How many ms an attempt runs until it is cut, looking each 10 ms. */
async function cutAfter(renew: () => Promise<boolean>, withinMs: number): Promise<number> {
  const attempts = createOpenAttempts(renew)
  const attempt = attempts.begin(name, performance.now(), withinMs)
  let ms = 0
  for (; !attempt.cutOff.isCut && ms < 100_000; ms += 10) await vi.advanceTimersByTimeAsync(10)
  attempts.end(attempt)
  await vi.advanceTimersByTimeAsync(1000)
  expect(vi.getTimerCount()).toBe(0)
  return ms
}

test('an attempt is cut when its time is up, at most 200 ms later', async () => {
  const ms = await cutAfter(async () => true, 30_050)
  expect(ms).toBeGreaterThan(30_050)
  expect(ms).toBeLessThanOrEqual(30_250)
})

test('a claim of 5 s is renewed each third of it; one that is not ours any more ends the attempt then', async () => {
  const ms = await cutAfter(async () => false, 60_000)
  expect(ms).toBeGreaterThanOrEqual(1660)
  expect(ms).toBeLessThanOrEqual(1870)
})

test('while Redis is silent an attempt goes on until its claim ends', async () => {
  const ms = await cutAfter(async () => Promise.reject(new Error('Connection is closed.')), 60_000)
  expect(ms).toBeGreaterThanOrEqual(5000)
  expect(ms).toBeLessThanOrEqual(5200)
})

test('a claim is prolonged by 5 s; by a minute while a relay has the whole mail and has not answered', async () => {
  const asked: number[] = []
  const attempts = createOpenAttempts(async (_, leaseMs) => asked.push(leaseMs) > 0)
  const attempt = attempts.begin(name, performance.now(), 60_000)
  await vi.advanceTimersByTimeAsync(2000)
  attempt.cutOff.isAtDot = true
  await vi.advanceTimersByTimeAsync(2000)
  expect(asked).toEqual([5000, 60_000])
  attempts.end(attempt)
})
