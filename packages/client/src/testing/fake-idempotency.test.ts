import { expect, test } from 'vitest'
import { createIdempotency } from './fake-idempotency.ts'

test('the same key gets the same answer for 60 s, as with the service', () => {
  let nowMs = 0
  const { once } = createIdempotency(() => nowMs)
  let runs = 0
  const call = (key?: string) => once('register', key, () => ++runs)
  expect([call('a'), call('a'), call('b'), call(), call()]).toEqual([1, 1, 2, 3, 4])
  nowMs = 59_999
  expect(call('a')).toBe(1)
  nowMs = 60_000
  expect(call('a')).toBe(5)
})
