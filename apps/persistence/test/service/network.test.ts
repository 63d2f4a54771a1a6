import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { type FaultProxy, startFaultProxy } from '@emailauth/testing/fault-proxy'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultCode, outcome, register, verify } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

/** Long, but where times are looked at: a pause of a busy machine must not end a command. */
const COMMAND_TIMEOUT_MS = process.env.EMAILAUTH_TIMINGS === '1' ? 300 : 1500
/** A call fails before this time, whatever the network does. */
const FAILED_MS = 500

let server: TestRedis
let proxy: FaultProxy
/**
 * The store under test, whose connection breaks, and one with an intact connection that sees the real state.
 */
let it: TestStore
let beside: TestStore
beforeAll(async () => {
  server = await startRedis()
  proxy = await startFaultProxy(server.port)
  beside = await openStoreAt(server.url, { clock: 'redis' })
  const url = `redis://127.0.0.1:${proxy.port}`
  it = await openStoreAt(url, { clock: 'redis', secret: beside.secret, commandTimeoutMs: COMMAND_TIMEOUT_MS })
  // Load the scripts into Redis first, or the first call would only load its script.
  const tenant = beside.tenant()
  await verify(beside.store, tenant, (await register(beside.store, tenant)).number)
})
afterAll(async () => {
  await it?.close()
  await beside?.close()
  await proxy?.stop()
  await server?.stop()
})

const unavailable = (call: Promise<unknown>) =>
  expect(call.then(() => 'answered', faultCode)).resolves.toBe('unavailable')
const liveCount = async (tenantId: string) =>
  (await beside.store.identities.list({ tenantIds: [tenantId], first: 10 })).items.length
/** Waits until calls succeed again. It uses a tenant of its own. */
const works = () => eventually(() => it.redis.ping(), 30_000)

test('a reply is lost: the number is used up, and the same call asked again gets the token, once', async () => {
  const tenant = it.tenant()
  const { number } = await register(beside.store, tenant)
  const call = { requestId: randomUUID() }
  proxy.set('no-replies')
  await unavailable(verify(it.store, tenant, number, call))
  expect(await liveCount(tenant.id), 'the request has arrived').toBe(0)
  proxy.cut()
  proxy.set('none')
  await works()
  expect(await outcome(verify(it.store, tenant, number))).toBe('wrong-credentials')
  expect(await verify(it.store, tenant, number, call)).toMatchObject({ verification: { token: 'a token' } })
})

test('the connection is cut under 50 calls: each number still gives its token to its own call, once', async () => {
  const tenant = it.tenant({ missBudgetPerHour: 100_000 })
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, i) => register(beside.store, tenant, { email: `user-${i}@example.com` })),
  )
  const calls = made.map(({ number }) => ({ number, requestId: randomUUID() }))
  proxy.set('no-replies')
  const running = calls.map(({ number, requestId }) =>
    outcome(verify(it.store, tenant, number, { requestId })),
  )
  // Redis does them, and no reply comes back.
  await eventually(async () => expect(await liveCount(tenant.id)).toBe(0))
  proxy.cut()
  proxy.set('none')
  const ended = await Promise.all(running)
  expect(new Set(ended)).toEqual(new Set(['unavailable']))
  await works()
  for (const { number, requestId } of calls) {
    expect(await outcome(verify(it.store, tenant, number, { requestId }))).toBe('verified')
    expect(await outcome(verify(it.store, tenant, number))).toBe('wrong-credentials')
  }
})

test('the network stalls: calls fail in time, and one asked again takes effect once', async () => {
  const tenant = it.tenant()
  const requestId = randomUUID()
  proxy.set('stalled')
  const startedAt = performance.now()
  await unavailable(register(it.store, tenant, { requestId }))
  expectWithin(performance.now() - startedAt, FAILED_MS)
  expect(await liveCount(tenant.id)).toBe(0)
  proxy.set('none')
  const made = await eventually(() => register(it.store, tenant, { requestId }), 30_000)
  expect(made.replaced).toBe(false)
  expect(await liveCount(tenant.id)).toBe(1)
  expect(await outcome(verify(it.store, tenant, made.number))).toBe('verified')
})

test('calls that come while others wait for a stalled Redis fail as soon as those; none of them is done later', async () => {
  const tenant = it.tenant()
  const kept = await register(beside.store, tenant)
  proxy.set('stalled')
  const startedAt = performance.now()
  const calls = [unavailable(register(it.store, tenant))]
  // In the middle of the first call's time-out. Later, on a slow machine, they would fail as well.
  await wait(COMMAND_TIMEOUT_MS / 2)
  for (let i = 0; i < 20; i++) calls.push(unavailable(register(it.store, tenant)))
  await Promise.all(calls)
  expectWithin(performance.now() - startedAt, FAILED_MS)
  proxy.set('none')
  await works()
  expect(await liveCount(tenant.id)).toBe(1)
  expect(await outcome(verify(beside.store, tenant, kept.number))).toBe('verified')
})

test('Redis cannot be reached: calls fail at once, none of them is done later, and calls work soon after', async () => {
  const tenant = it.tenant()
  proxy.set('refused')
  for (let i = 0; i < 20; i++) {
    const startedAt = performance.now()
    await unavailable(register(it.store, tenant, { email: `user-${i}@example.com` }))
    expectWithin(performance.now() - startedAt, FAILED_MS)
  }
  proxy.set('none')
  const backAt = performance.now()
  await works()
  expectWithin(performance.now() - backAt, 2000)
  expect(await liveCount(tenant.id)).toBe(0)
})

test('a half-open connection is given up for a new one', async () => {
  const tenant = it.tenant()
  proxy.freeze()
  const frozenAt = performance.now()
  await unavailable(register(it.store, tenant))
  const made = await eventually(() => register(it.store, tenant), 30_000)
  expectWithin(performance.now() - frozenAt, 10 * COMMAND_TIMEOUT_MS)
  expect(await outcome(verify(it.store, tenant, made.number))).toBe('verified')
})
