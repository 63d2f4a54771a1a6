import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Problem } from '@emailauth/contracts/problems'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { storeFault } from '../../src/store/faults.ts'
import { register, registration, verify } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

let server: TestRedis
let it: TestStore
beforeAll(async () => {
  server = await startRedis()
  it = await openStoreAt(server.url)
})
afterAll(async () => {
  it.redis.disconnect()
  await server.stop()
})

const set = (...setting: [string, string]) => it.redis.config('SET', ...setting)

/** How Redis comes to refuse writes, and how it ends. MISCONF is the last, because it needs a new folder. */
const CAUSES = {
  OOM: [() => set('maxmemory', '1'), () => set('maxmemory', '0')],
  NOREPLICAS: [() => set('min-replicas-to-write', '1'), () => set('min-replicas-to-write', '0')],
  READONLY: [() => it.redis.replicaof('127.0.0.1', 1), () => it.redis.replicaof('NO', 'ONE')],
  MISCONF: [
    async () => {
      await set('save', '3600 1000000')
      await rm(server.folder, { recursive: true })
      await it.redis.bgsave()
      await eventually(() => expect(it.redis.set('probe', '', 'PX', 1000)).rejects.toThrow('MISCONF'))
    },
    () => set('stop-writes-on-bgsave-error', 'no'),
  ],
} as const

test.each(Object.keys(CAUSES) as (keyof typeof CAUSES)[])(
  '%s: a call that Redis refuses says that it did not take effect, and it did not',
  async (code) => {
    const [refuse, accept] = CAUSES[code]
    const tenant = it.tenant()
    const { number, identityId } = await register(it.store, tenant, { email: 'ada@example.com' })
    await refuse()
    const calls = [
      () => it.store.register(tenant, registration(tenant, { email: 'ada@example.com' })),
      // A full Redis takes a verify: it begins with a deletion, which frees memory.
      ...(code === 'OOM' ? [] : [() => verify(it.store, tenant, number)]),
    ]
    for (const call of calls) {
      const problem = await refusalOf(call)
      expect(problem).toMatchObject({ code: 'unavailable', tookEffect: false, retryAfterSeconds: 1 })
      expect(problem.detail).toContain('did not take effect')
    }
    await eventually(accept)
    // Nothing was done: the first number was neither used nor replaced.
    const verified = await eventually(() => verify(it.store, tenant, number), 30_000)
    expect(verified).toMatchObject({ verification: { identityId } })
  },
)

test.each(['identities that have expired', 'an address under the key before'])(
  'a full Redis takes no register that has to delete first: %s',
  async (what) => {
    const tenant = it.tenant()
    await Promise.all([register(it.store, tenant), register(it.store, tenant, { email: 'bob@example.com' })])
    const ring = createKeyRing([randomBytes(32), it.secret])
    const isRotated = what.startsWith('an address')
    if (!isRotated) it.clock.ms += 3_600_000
    const store = isRotated ? await openStore({ redis: it.redis, ring, now: () => it.clock.ms }) : it.store
    const keys = async () => (await it.redis.keys(`ea:{${tenant.id}:*`)).sort()
    const before = await keys()
    await set('maxmemory', '1')
    onTestFinished(async () => void (await set('maxmemory', '0')))
    const emails = ['ada@example.com', 'bob@example.com', 'eve@example.com']
    const calls = emails.map((email) => store.register(tenant, registration(tenant, { email })))
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { problem: { tookEffect: false } } })
    }
    expect(await keys()).toEqual(before)
  },
)

test('a call that got no answer from Redis may have taken effect', async () => {
  await server.kill()
  const tenant = it.tenant()
  const fault: unknown = await it.store.register(tenant, registration(tenant)).catch((error) => error)
  expect(storeFault(fault)?.problem).toMatchObject({ code: 'unavailable' })
  expect(storeFault(fault)?.problem).not.toHaveProperty('tookEffect')
})

/** The connection is made again after READONLY, and a call that meets it then has not been sent. */
const refusalOf = (call: () => Promise<unknown>): Promise<Problem> =>
  eventually(async () => {
    const fault: unknown = await call().then(
      () => new Error('It was not refused.'),
      (error: unknown) => error,
    )
    if (fault instanceof ProblemError) return fault.problem
    throw fault
  }, 30_000)
