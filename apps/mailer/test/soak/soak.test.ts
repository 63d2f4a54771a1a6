import { expectWithin } from '@emailauth/testing/timing'
import { expect, test } from 'vitest'
import { kills } from './kills.ts'
import { outage } from './outage.ts'
import { redisKills } from './redis-kills.ts'

// The short forms; `pnpm --filter @emailauth/mailer soak` runs the full ones. Both run the built mailer.

test('the SMTP server is gone for 4 s: every call is answered, every mail arrives, none twice', async () => {
  const result = await outage({ seconds: 4, perSecond: 10 })
  expect(result).toMatchObject({ calls: 40, twice: 0 })
  const { refused = 0, ...states } = result.states
  expect(states, JSON.stringify(result.withoutMessage)).toEqual({ queued: 40 - refused })
  expect(result.arrived).toBeGreaterThanOrEqual(40 - refused)
  expect(result.arrived).toBeGreaterThan(10)
  expectWithin(result.slowestAnswerMs, 5000)
  expectWithin(result.allArrivedAfterMs, 5000)
})

test('a mailer that does not run for 600 ms of each second answers every call, and every mail arrives', async () => {
  const result = await outage({ seconds: 4, perSecond: 10, heldUpMs: 600 })
  expect(result).toMatchObject({ calls: 40, withoutMessage: {}, twice: 0 })
  // On a busy machine it may run for far less than 400 ms of a second, and refuse some calls.
  const { refused = 0, ...states } = result.states
  expect(states, JSON.stringify(result.withoutMessage)).toEqual({ queued: 40 - refused })
  expect(result.arrived).toBeGreaterThanOrEqual(40 - refused)
  expect(refused).toBeLessThan(20)
})

test('with a second relay nobody waits', async () => {
  const result = await outage({ seconds: 2, perSecond: 20, secondRelay: true })
  expect(result).toMatchObject({ calls: 40, twice: 0 })
  // A starved mailer may refuse some calls, and answer some before their mail is taken. Without the second
  // relay all of them would wait.
  const { refused = 0, queued = 0, sent } = result.states
  expect(result.states).toEqual({ ...result.states, sent: 40 - refused - queued })
  expect(sent).toBeGreaterThan(10)
  // A refusal may come while the attempt runs, so its mail may arrive.
  expect(result.arrived).toBeGreaterThanOrEqual(40 - refused)
  expect(result.arrived).toBeGreaterThan(10)
})

test('kill -9 under load: nothing acknowledged is lost, and few mails come twice', async () => {
  const result = await kills({ times: 2, everyMs: 1000, perSecond: 50 })
  expect(result).toMatchObject({ calls: 150, lost: 0 })
  expect(result.acknowledged).toBeGreaterThan(20)
  expect(result.duplicates).toBeLessThanOrEqual(result.allowedDuplicates)
})

test('Redis is killed under load: nothing acknowledged is lost, and no mail comes twice', async () => {
  const result = await redisKills({ times: 2, everyMs: 1000, goneMs: 500, perSecond: 50 })
  expect(result).toMatchObject({ calls: 225, lost: 0, twice: 0, whyTwice: [] })
  expect(result.acknowledged).toBeGreaterThan(20)
})
