import { expect, test } from 'vitest'
import { createFakeStore } from './fake-store.ts'
import { createFakeEmailauth } from './testing.ts'

/** How long an address has to wait at each moment, in seconds; 0: it is mailed. */
function waitsAt(moments: readonly number[]): number[] {
  let nowMs = 0
  const store = createFakeStore(() => nowMs, true)
  return moments.map((moment) => {
    nowMs = moment
    const refusal = store.admit('ada@example.com')
    return refusal?.__typename === 'RateLimited' ? refusal.retryAfterSeconds : 0
  })
}

test('an address gets one mail in 30 s and 5 in ten minutes, as by default from emailauth', () => {
  const moments = [0, 29_000, 30_000, 60_000, 90_000, 120_000, 121_000, 150_000, 599_000, 600_000]
  expect(waitsAt(moments)).toEqual([0, 1, 0, 0, 0, 0, 479, 450, 1, 0])
})

test('an address gets 20 mails a day, as by default from emailauth', () => {
  const hourly = Array.from({ length: 20 }, (_, hour) => hour * 3_600_000)
  const day = 86_400_000
  expect(waitsAt([...hourly, day - 1000, day])).toEqual([...hourly.map(() => 0), 1, 0])
})

test('a number of the fake lives ten minutes, as by default from emailauth', async () => {
  const fake = createFakeEmailauth({ now: () => 0 })
  expect(await fake.register({ email: 'ada@example.com', token: 't' })).toMatchObject({
    expiresAt: '1970-01-01T00:10:00.000Z',
  })
})
