import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register, verify } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { addCopies } from './stream-copies.ts'

describe('the stream of a tenant', () => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore('redis-server')
  })
  afterAll(() => it?.close())

  test('keeps about ten thousand events, and every key of it expires', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 100_000 })
    const misses = () =>
      Promise.all(Array.from({ length: 500 }, () => verify(it.store, tenant, '9'.repeat(15))))
    await misses()
    const key = `ea:{${tenant.id}:00}:events`
    const [[, fields] = ['', []]] = await it.redis.xrangeBuffer(key, '-', '+', 'COUNT', 1)
    await addCopies(it.redis, key, fields, 9500)
    await misses()
    const length = await it.redis.xlen(key)
    expect(length).toBeGreaterThanOrEqual(10_000)
    expect(length).toBeLessThan(10_200)
    for (const name of await it.redis.keys(`ea:{${tenant.id}:*`)) {
      expect(await it.redis.pttl(name), name).not.toBe(-1)
    }
  })

  test('neither address nor actor can be read in Redis', async () => {
    const tenant = it.tenant()
    const email = `planted-${randomUUID()}@example.com`
    const { identityId } = await register(it.store, tenant, { email })
    await it.store.identities.revoke(identityId, { actor: { kind: 'admin', id: email } })
    await it.store.audit.record({
      type: 'identity.revoked',
      actor: { kind: 'admin', id: email },
      tenantId: tenant.id,
      target: identityId,
    })
    for (const name of await it.redis.keysBuffer('*')) {
      // A key may expire in between.
      const value = await it.redis.dumpBuffer(name)
      expect(value?.includes(email) ?? false, String(name)).toBe(false)
    }
    const { events } = await it.store.events.page({ tenantId: tenant.id, audit: true, first: 9 })
    expect(events.filter(({ type }) => type === 'identity.revoked')).toMatchObject([
      { type: 'identity.revoked', actor: { kind: 'admin', id: email }, target: identityId },
    ])
  })
})
