import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createDeadline } from './deadline.ts'

/** The deadline of a call that is made at 1,000,000 ms of Redis's clock, on a connection of 400 ms. */
function deadlineOf(given?: number) {
  const redis = new Redis({ lazyConnect: true, socketTimeout: 400 })
  onTestFinished(() => redis.disconnect())
  const clock = { atLeast: () => 1_000_000, known: () => expect.unreachable() }
  return createDeadline(redis, clock as never)(given)
}

test('a script may write until 20 ms before its connection gives it up, because the clocks may drift', () => {
  expect(deadlineOf()).toBe(1_000_380)
})

test("the gateway's deadline holds where it is sooner", () => {
  expect(deadlineOf(1_000_379.9)).toBe(1_000_379)
  expect(deadlineOf(1_000_400)).toBe(1_000_380)
})
