import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTenantStore } from '../../src/tenants/tenant-store.ts'
import { openTestStore, type TestStore } from '../store.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
afterAll(() => it?.close())

test('a read that began before a change and ends after it is not remembered', async () => {
  const held: (() => void)[] = []
  let isSlow = false
  // The reply to a read is there, and waits.
  const redis = new Proxy(it.redis, {
    get(target, name, receiver) {
      if (name !== 'get' || !isSlow) return Reflect.get(target, name, receiver)
      isSlow = false
      return async (key: string) => {
        const reply = await target.get(key)
        await new Promise<void>((go) => held.push(go))
        return reply
      }
    },
  }) as RedisConnection
  const tenants = createTenantStore({
    redis,
    now: Date.now,
    ring: createKeyRing([it.secret]),
    allowPrivateSmtp: false,
  })
  await tenants.create({ id: 'read', name: 'Read' })
  isSlow = true
  const early = tenants.get('read')
  await expect.poll(() => held.length).toBe(1)
  await tenants.update('read', { name: 'Changed' })
  held[0]?.()
  expect(await early).toMatchObject({ name: 'Read' })
  expect(tenants.known('read')).toBeUndefined()
  expect(await tenants.get('read')).toMatchObject({ name: 'Changed' })
})
