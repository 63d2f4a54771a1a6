import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { CONCURRENCY, createRetryQueue, type RetryQueue } from '../../src/delivery/retry-queue.ts'

let redis: TestRedis
let queue: RetryQueue
beforeEach(async () => {
  redis = await startRedis()
  queue = createRetryQueue(redis.url, undefined, () => Date.now())
})
afterEach(async () => {
  vi.useRealTimers()
  await queue?.stop()
  await queue?.close()
  await redis?.stop()
})

test('five messages are tried first when a server may be back', async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `demo.${n}`)
  const inAnHourMs = Date.now() + 3_600_000
  await Promise.all(ids.map((id) => queue.add({ identityId: id, messageId: id }, inAnHourMs)))
  await queue.promote('few')
  expect(await redisCommand(redis.port, 'ZCARD', '{ea:mail}:retry:delayed')).toBe('55')
})

test('the five are of different tenants among the 100 that are due first, so that they are not all for a server of one tenant', async () => {
  const inAnHourMs = Date.now() + 3_600_000
  // A minute apart: BullMQ takes a delay, so a pause of the process moves what is added then.
  const add = (id: string, n: number) => queue.add({ identityId: id, messageId: id }, inAnHourMs + n * 60_000)
  for (let n = 0; n < 98; n++) await add(`hog.${n}`, n)
  for (const [n, tenant] of ['a', 'b', 'c'].entries()) await add(`${tenant}.1`, 98 + n)
  await queue.promote('few')
  const tried = new Set<string>()
  queue.start(async ({ identityId }) => {
    tried.add(identityId)
    return 'done'
  })
  await eventually(() => expect(tried).toEqual(new Set(['hog.0', 'hog.1', 'hog.2', 'a.1', 'b.1'])), 30_000)
})

test('the age of at most 400 waiting messages is looked at: of those tried next and last', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const add = (count: number, inMs: number) => {
    const ids = Array.from({ length: count }, (_, n) => `demo.${inMs + n}`)
    const atMs = Date.now() + inMs
    return Promise.all(ids.map((id) => queue.add({ identityId: id, messageId: id }, atMs)))
  }
  vi.setSystemTime('2026-01-02T03:00:00.000Z')
  await add(1, 2_000_000)
  vi.setSystemTime('2026-01-02T03:00:01.000Z')
  await add(200, 1_000_000)
  await add(199, 3_000_000)
  expect((await queue.status()).oldestAt).toBe('2026-01-02T03:00:00.000Z')
  await add(1, 4_000_000)
  expect(await queue.status()).toMatchObject({ waiting: 401, oldestAt: '2026-01-02T03:00:01.000Z' })
})

test('the next attempt of a message that was tried again is at its own time', async () => {
  const inAnHourMs = Date.now() + 3_600_000
  await queue.add({ identityId: 'demo.1', messageId: 'demo.1' }, Date.now() + 100)
  queue.start(async () => ({ againAtMs: inAnHourMs }))
  await eventually(async () => {
    const { nextAttemptAt } = await queue.status()
    expect(Math.abs(Date.parse(nextAttemptAt ?? '') - inAnHourMs)).toBeLessThan(60_000)
  })
})

test.each([
  ['ahead of', -3_600_000],
  ['behind', 3_600_000],
])(
  'beside a clock that is an hour %s that of Redis a message comes again after its pause',
  async (_, byMs) => {
    const wrong = createRetryQueue(redis.url, undefined, () => Date.now() + byMs)
    onTestFinished(async () => {
      await wrong.stop()
      await wrong.close()
    })
    const cameAtMs: number[] = []
    await wrong.add({ identityId: 'demo.1', messageId: 'demo.1' }, Date.now() + byMs)
    wrong.start(async () => {
      cameAtMs.push(performance.now())
      return cameAtMs.length < 2 ? { againAtMs: Date.now() + byMs + 1000 } : 'done'
    })
    await eventually(async () => expect(cameAtMs).toHaveLength(2))
    const [first = 0, second = 0] = cameAtMs
    expect(second - first).toBeGreaterThan(900)
  },
)

test('what waits since before the clock of its mailer was set back is looked at, and all else keeps its time', async () => {
  const add = (identityId: string, inMs: number) =>
    queue.add({ identityId, messageId: identityId }, Date.now() + inMs)
  expect(await queue.promoteMisplaced()).toBe(0)
  await add('demo.soon', 60_000)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  await add('demo.misplaced', 30_000)
  vi.useRealTimers()
  const tried: unknown[] = []
  queue.start(async ({ identityId }, isLook) => {
    tried.push([identityId, isLook])
    return 'done'
  })
  expect(await queue.promoteMisplaced()).toBe(2)
  await eventually(() => expect(tried).toEqual([['demo.misplaced', true]]))
  expect(await queue.depth()).toBe(1)
})

test('a message counts as misplaced when it waits longer than 65 s; of those 200 are looked at in one round', async () => {
  const nowMs = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs })
  const add = (count: number, inMs: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => {
        const id = `demo.${inMs}.${n}`
        return queue.add({ identityId: id, messageId: id }, nowMs + inMs)
      }),
    )
  const delayed = async () => Number(await redisCommand(redis.port, 'ZCARD', '{ea:mail}:retry:delayed'))
  await add(1, 65_000)
  await queue.promoteMisplaced()
  expect(await delayed()).toBe(1)
  await add(1, 65_001)
  await queue.promoteMisplaced()
  expect(await delayed()).toBe(1)
  await add(201, 3_600_000)
  await queue.promoteMisplaced()
  expect(await delayed()).toBe(2)
  await queue.promoteMisplaced()
  expect(await delayed()).toBe(1)
})

test('attempts of a tenant whose server hangs leave places for those of another tenant', async () => {
  const add = (identityId: string) => queue.add({ identityId, messageId: identityId }, Date.now())
  let release = () => {}
  const released = new Promise<'done'>((resolve) => {
    release = () => resolve('done')
  })
  const hanging = new Set<string>()
  const done: string[] = []
  queue.start(async ({ identityId }) => {
    if (identityId.startsWith('hog.')) return hanging.add(identityId) && released
    done.push(identityId)
    return 'done'
  })
  await Promise.all(Array.from({ length: 2 * CONCURRENCY }, (_, n) => add(`hog.${n}`)))
  await eventually(() => expect(hanging.size).toBe(45), 30_000)
  await add('demo.1')
  await eventually(() => expect(done).toEqual(['demo.1']), 30_000)
  expect(hanging.size).toBe(45)
  // Those that were put back come again, and none is lost.
  release()
  await eventually(() => expect(hanging.size).toBe(2 * CONCURRENCY), 30_000)
})
