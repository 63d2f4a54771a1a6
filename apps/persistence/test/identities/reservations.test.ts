import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createReservations, REUSE_MS, type SharedLimit } from '../../src/limits/reservations.ts'
import { runAcrossPartitions } from '../../src/limits/shared-limits.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { digests } from '../../src/store/partition.ts'
import { openTestStore, type TestStore } from '../store.ts'

let it: TestStore
let made = 0

beforeAll(async () => {
  it = await openTestStore('Cluster')
})

afterAll(() => it.close())

/** A client of its own, which may do one thing in ten minutes. */
function client() {
  const tenantId = it.tenant().id
  const [key] = it.store.context.ring.keys
  const digest = digests.clientIp(key, tenantId, `10.1.0.${made++}`)
  const limit: SharedLimit = { limit: 'client-ip', log: 'm:', digests: [digest], rates: '1:600000', home: 5 }
  const reservations = createReservations(it.store.context)
  return {
    tenantId,
    limit,
    reservations,
    reserve: () => reservations.reserve({ tenantId }, limit),
    counted: async () =>
      (await it.redis.strlen(Buffer.concat([Buffer.from(`${keyPrefix(tenantId, 5)}m:`), digest]))) / 8,
  }
}

test('a reservation that a call did not use is taken over by the next call of the client', async () => {
  const { reserve, reservations, counted } = client()
  for (let i = 0; i < 5; i++) {
    const reservation = await reserve()
    if (reservation.kind === 'limited') throw new Error('The client used nothing.')
    reservations.release(reservation)
  }
  expect(await reserve()).toMatchObject({ kind: 'reserved' })
  expect(await reserve()).toMatchObject({ kind: 'limited', seconds: 600 })
  expect(await counted()).toBe(1)
})

test('it is refunded when no call takes it over', async () => {
  const { reserve, reservations, counted } = client()
  const reservation = await reserve()
  if (reservation.kind === 'limited') throw new Error('The client used nothing.')
  reservations.release(reservation)
  expect(await counted()).toBe(1)
  await eventually(async () => expect(await counted()).toBe(0))
  expect(await reserve()).toMatchObject({ kind: 'reserved' })
})

test('it is taken over for 100 ms, because its moment in the log is that of the first call', async () => {
  expect(REUSE_MS).toBe(100)
  const { reserve, reservations } = client()
  const first = await reserve()
  if (first.kind === 'limited') throw new Error('The client used nothing.')
  it.clock.ms += REUSE_MS
  reservations.release(first)
  expect(await reserve()).toBe(first)
  it.clock.ms += 1
  reservations.release(first)
  expect(await reserve()).toMatchObject({ kind: 'limited' })
})

test('closing refunds what was released', async () => {
  const { reserve, reservations, counted } = client()
  const reservation = await reserve()
  if (reservation.kind === 'limited') throw new Error('The client used nothing.')
  reservations.release(reservation)
  await reservations.close()
  expect(await counted()).toBe(0)
})

test('closing waits for the refunds that its timer has begun', async () => {
  const { tenantId, limit, counted } = client()
  const { context } = it.store
  let refundMayRun: Promise<void> = Promise.resolve()
  const reservations = createReservations({
    ...context,
    deadline: async (asked) => {
      await refundMayRun
      return context.deadline(asked)
    },
  })
  const reservation = await reservations.reserve({ tenantId }, limit)
  if (reservation.kind === 'limited') throw new Error('The client used nothing.')
  let goOn = () => {}
  refundMayRun = new Promise((resolve) => {
    goOn = resolve
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    reservations.release(reservation)
    vi.advanceTimersByTime(REUSE_MS)
  } finally {
    vi.useRealTimers()
  }
  let isClosed = false
  const closing = reservations.close().then(() => {
    isClosed = true
  })
  await new Promise(setImmediate)
  expect(isClosed).toBe(false)
  goOn()
  await closing
  expect(await counted()).toBe(0)
})

test('two of one client are refunded as two', async () => {
  const { reservations, counted, reserve } = client()
  const one = await reserve()
  if (one.kind === 'limited') throw new Error('The client used nothing.')
  const budget: SharedLimit = { limit: 'miss-budget', log: 'budget', digests: [], rates: '9:600000', home: 5 }
  const both = [
    await reservations.reserve({ tenantId: one.tenantId }, budget),
    await reservations.reserve({ tenantId: one.tenantId }, budget),
  ]
  for (const reservation of [one, ...both]) {
    if (reservation.kind === 'reserved') reservations.release(reservation)
  }
  await reservations.close()
  expect(await counted()).toBe(0)
  expect(await it.redis.exists(`${keyPrefix(one.tenantId, 5)}budget`)).toBe(0)
})

test('a client whose call another limit refuses has not used its own', async () => {
  const { limit, tenantId, reservations, counted } = client()
  const budget: SharedLimit = { limit: 'miss-budget', log: 'budget', digests: [], rates: '1:600000', home: 5 }
  await reservations.reserve({ tenantId }, budget)
  const call = { operation: 'verify', tenantId, request: { requestId: 'r' }, input: [] } as const
  const rule = vi.fn()
  const across = { context: it.store.context, reservations }
  expect(await runAcrossPartitions(across, call, [limit, budget], rule)).toMatchObject({
    problem: { code: 'rate-limited', limit: 'miss-budget' },
  })
  expect(rule).not.toHaveBeenCalled()
  await reservations.close()
  expect(await counted()).toBe(0)
})
