import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import type { TestRedis } from '@emailauth/testing/redis'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { form, report } from './form.ts'
import type { Answer } from './gateway-client.ts'
import { hangPersistence } from './hanging-service.ts'
import { freshAddress, startWorld, type World } from './world.ts'

const GONE_MS = form(3000, 30_000)
const HANGS_MS = form(2000, 20_000)
const BETWEEN_CALLS_MS = 50
/** Its connections are refused, or are silent for a second first. */
const [GONE_ERROR_WITHIN_MS, HANG_ERROR_WITHIN_MS] = [500, 1500]
const READY_WITHIN_MS = 5000
const READY_HOLDS_MS = 1000

interface Outage {
  readonly name: string
  readonly lastsMs: number
  readonly errorWithinMs: number
  begin(redis: TestRedis): Promise<void>
  end(redis: TestRedis): Promise<void>
}

const OUTAGES: readonly Outage[] = [
  {
    name: `Redis is gone for ${GONE_MS / 1000} s`,
    lastsMs: GONE_MS,
    errorWithinMs: GONE_ERROR_WITHIN_MS,
    begin: (redis) => redis.kill(),
    end: (redis) => redis.restart(),
  },
  {
    name: `Redis hangs for ${HANGS_MS / 1000} s`,
    lastsMs: HANGS_MS,
    errorWithinMs: HANG_ERROR_WITHIN_MS,
    begin: async ({ pid }) => void process.kill(pid, 'SIGSTOP'),
    end: async ({ pid }) => void process.kill(pid, 'SIGCONT'),
  },
]

let world: World
beforeAll(async () => {
  world = await startWorld({ pairs: 1, redis: ['--appendonly', 'yes', '--appendfsync', 'always'] })
})
afterAll(() => world?.stop())

test.each(OUTAGES)(
  '$name: errors at once, ready soon after, nothing done late, nothing lost',
  async ({ name, lastsMs, errorWithinMs, begin, end }) => {
    const [gateway, url] = [world.clients[0]!, world.gateways[0]!.url]
    const readiness = async () => (await fetch(`${url}/readyz`)).status
    const key = await world.newTenant()
    const token = randomUUID()
    const [kept, renewed] = [freshAddress(), freshAddress()]
    for (const email of [kept, renewed]) await gateway.register(key, { email, token })
    const before = await gateway.identityOf(key, renewed)
    const number = world.numbersMailedTo(kept)[0]
    const named = { number, idempotencyKey: randomUUID() }

    const answers: Answer[] = []
    const addresses: string[] = []
    await begin(world.redis)
    try {
      const goneAt = performance.now()
      const rounds: Promise<[Answer, Answer, Answer, Answer, number | undefined]>[] = []
      while (performance.now() - goneAt < lastsMs) {
        const email = freshAddress()
        addresses.push(email)
        const calls = [
          gateway.register(key, { email, token }),
          gateway.register(key, { email: renewed, token: 'another' }),
          gateway.verify(key, { number: '123456789012' }),
          gateway.verify(key, named),
        ] as const
        // Nobody waits for the one before: calls that come while others hang must not hang longer.
        // An answer of /readyz holds for a second, so the first ones may be of before.
        const isKnown = performance.now() - goneAt > READY_HOLDS_MS
        rounds.push(Promise.all([...calls, isKnown ? readiness() : undefined]))
        await wait(BETWEEN_CALLS_MS)
      }
      for (const [a, b, c, d, status] of await Promise.all(rounds)) {
        answers.push(a, b, c, d)
        if (status !== undefined) expect(status).toBe(503)
      }
    } finally {
      // The next outage needs it.
      await end(world.redis)
    }
    const backAt = performance.now()
    await eventually(async () => expect(await readiness()).toBe(200), 4 * READY_WITHIN_MS)
    const readyMs = performance.now() - backAt
    expectWithin(readyMs, READY_WITHIN_MS)
    const times = answers.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b)
    report(name, {
      calls: answers.length,
      medianMs: times[Math.floor(times.length / 2)],
      slowestMs: times.at(-1),
      readyAgainAfterMs: Math.round(readyMs),
    })

    expect([...new Set(answers.map(({ kind }) => kind))]).toEqual(['SERVICE_UNAVAILABLE'])
    expectWithin(times.at(-1) ?? 0, errorWithinMs)
    // One that works leaves no doubt that everything before it has ended.
    expect((await gateway.register(key, { email: freshAddress(), token })).kind).toBe('Registered')
    // Lists have a connection of their own, which may be back a moment later.
    const identityOf = (email: string) => eventually(() => gateway.identityOf(key, email), READY_WITHIN_MS)
    for (const email of addresses) expect(await identityOf(email)).toBeUndefined()
    expect(await identityOf(renewed)).toBe(before)
    expect(await gateway.verify(key, named)).toMatchObject({ kind: 'Verified', token })
    const numberBefore = world.numbersMailedTo(renewed)
    expect(numberBefore).toHaveLength(1)
    expect(await gateway.verify(key, { number: numberBefore[0] })).toMatchObject({
      kind: 'Verified',
      token,
    })
  },
  240_000,
)

test('a persistence that hangs and goes on is used again, by calls of every kind', () =>
  hangPersistence(world))
