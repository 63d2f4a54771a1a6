import { expect, test } from 'vitest'
import { createFakeStore } from './fake-store.ts'
import { createFakeEmailauth } from './testing.ts'

test('an address gets one mail in 30 s and 5 in ten minutes, as by default from emailauth', () => {
  let nowMs = 0
  const store = createFakeStore(() => nowMs, true)
  const waitOf = () => {
    const refusal = store.admit('ada@example.com')
    return refusal?.__typename === 'RateLimited' ? refusal.retryAfterSeconds : 0
  }
  const waits: number[] = []
  for (nowMs of [0, 29_000, 30_000, 60_000, 90_000, 120_000, 150_000, 599_000, 600_000]) waits.push(waitOf())
  expect(waits).toEqual([0, 1, 0, 0, 0, 0, 450, 1, 0])
})

test('a number of the fake lives ten minutes, as by default from emailauth', async () => {
  const fake = createFakeEmailauth({ now: () => 0 })
  expect(await fake.register({ email: 'ada@example.com', token: 't' })).toMatchObject({
    expiresAt: '1970-01-01T00:10:00.000Z',
  })
})
