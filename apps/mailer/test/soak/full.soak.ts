import { writeFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { kills } from './kills.ts'
import { outage } from './outage.ts'
import { redisKills } from './redis-kills.ts'

const results: Record<string, object> = {}
afterAll(() => writeFile('dist/soak.json', `${JSON.stringify(results, null, 2)}\n`))

test('SMTP gone for 2 minutes under 50 calls a second', async () => {
  const result = await outage({ seconds: 120, perSecond: 50 })
  results.outage = result
  expect(result).toMatchObject({ calls: 6000, states: { queued: 6000 }, arrived: 6000, twice: 0 })
  expect(result.slowestAnswerMs).toBeLessThan(5500)
  expect(result.allArrivedAfterMs).toBeLessThan(20_000)
}, 300_000)

test('the same for 20 s with a second relay', async () => {
  const result = await outage({ seconds: 20, perSecond: 50, secondRelay: true })
  results.outageWithSecondRelay = result
  expect(result).toMatchObject({ calls: 1000, states: { sent: 1000 }, arrived: 1000, twice: 0 })
}, 120_000)

test('20 times kill -9 of one of two mailers under 100 calls a second', async () => {
  const result = await kills({ times: 20, everyMs: 2000, perSecond: 100 })
  results.kills = result
  expect(result.lost).toBe(0)
  expect(result.duplicates).toBeLessThanOrEqual(result.allowedDuplicates)
}, 180_000)

test('20 times kill -9 of Redis under 100 calls a second', async () => {
  const result = await redisKills({ times: 20, everyMs: 1500, goneMs: 500, perSecond: 100 })
  results.redisKills = result
  expect(result).toMatchObject({ lost: 0, twice: 0 })
}, 180_000)
