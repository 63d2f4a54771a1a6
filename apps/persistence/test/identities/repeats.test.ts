import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { register, registration, verify, WRONG } from '../calls.ts'
import { SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each(SERVERS)('repeated calls on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('a call that is repeated under its name gets the same answer, for 60 s and under this name only', async () => {
    const tenant = it.tenant()
    const request = registration(tenant)
    const once = await it.store.register(tenant, request)
    expect(await it.store.register(tenant, request)).toEqual(once)
    if ('problem' in once) throw new Error(once.problem.detail)
    const number = once.registration.number ?? ''
    const call = { tenantId: tenant.id, requestId: 'verify-1', number }
    const answer = await it.store.verify(tenant, call)
    expect(answer).toHaveProperty('verification')
    expect(await it.store.verify(tenant, call)).toEqual(answer)
    expect(await verify(it.store, tenant, number)).toEqual(WRONG)
    expect(await it.store.register(tenant, request)).toMatchObject({
      registration: { number: null, replaced: false },
    })
  })

  test('a repeated register that replaced an identity names that identity again', async () => {
    const tenant = it.tenant()
    const { identityId } = await register(it.store, tenant)
    const request = registration(tenant)
    const once = await it.store.register(tenant, request)
    expect(once).toMatchObject({ registration: { replaced: true, replacedIdentityId: identityId } })
    expect(await it.store.register(tenant, request)).toEqual(once)
  })

  test('20 parallel repeats of one register make one number', async () => {
    const tenant = it.tenant()
    const request = registration(tenant, { idempotencyKey: 'order-1' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => it.store.register(tenant, { ...request, requestId: randomUUID() })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  test('an idempotency key with other input is an error and changes nothing', async () => {
    const tenant = it.tenant()
    const idempotencyKey = 'k'
    const { number } = await register(it.store, tenant, { idempotencyKey })
    const conflict = { problem: expect.objectContaining({ code: 'idempotency-conflict' }) }
    for (const other of [{ email: 'bob@example.com' }, { token: 'other' }, { expiresInSeconds: 61 }]) {
      expect(await it.store.register(tenant, registration(tenant, { idempotencyKey, ...other }))).toEqual(
        conflict,
      )
    }
    expect(await verify(it.store, tenant, '0'.repeat(12), { idempotencyKey })).toEqual(WRONG)
    expect(await verify(it.store, tenant, number, { idempotencyKey })).toEqual(conflict)
    expect(await verify(it.store, tenant, number)).toHaveProperty('verification')
  })
})

// docs/performance/memory.md has these figures.
test('a kept reply takes some 160 bytes, whatever its name, and that of a verify the record too', async () => {
  const it = await openTestStore('redis-server')
  onTestFinished(() => it.close())
  const tenant = it.tenant()
  const bytesOfNewest = async (before: ReadonlySet<string>) => {
    const names = (await it.redis.keysBuffer('*')).filter((name) => name.includes('}:r:'))
    const name = names.find((one) => !before.has(one.toString('hex')))
    for (const one of names) seen.add(one.toString('hex'))
    return Number(name === undefined ? 0 : await it.redis.memory('USAGE', name))
  }
  const seen = new Set<string>()
  const { number } = await register(it.store, tenant, { idempotencyKey: 'k' })
  const short = await bytesOfNewest(seen)
  // Valkey 8 takes 80.
  expect(short).toBeGreaterThan(60)
  expect(short).toBeLessThan(200)
  await register(it.store, tenant, { email: 'bob@example.com', idempotencyKey: 'k'.repeat(200) })
  expect(await bytesOfNewest(seen)).toBe(short)
  await verify(it.store, tenant, number, { idempotencyKey: 'v' })
  const ofVerify = await bytesOfNewest(seen)
  expect(ofVerify).toBeGreaterThan(short)
  expect(ofVerify).toBeLessThan(500)
})
