import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { createLogger } from '@emailauth/service/logging/logger'
import { startRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createApiKeyUse } from '../../src/api-keys/api-key-use.ts'
import { headOf, macOf } from '../../src/audit/audit-chain.ts'
import { keys } from '../../src/store/keys.ts'
import { createNotifications } from '../../src/store/notifications.ts'
import { createTenantDeletion } from '../../src/tenants/delete-tenants.ts'
import { createDeletions } from '../../src/tenants/deletions.ts'
import { createTenantStore } from '../../src/tenants/tenant-store.ts'
import { createWebhookTenants } from '../../src/webhooks/webhook-tenants.ts'

// What rounds and lists bound in Redis, each number written out.

let server: Awaited<ReturnType<typeof startRedis>>
let redis: RedisConnection
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})

const clock = { ms: 1_000_000 }
const now = () => clock.ms

test('a deletion that may just be beginning is not dropped for a minute', async () => {
  const deletions = createDeletions(redis, now)
  await deletions.add('acme')
  clock.ms += 60_000
  await deletions.dropActive('acme')
  expect(await deletions.list()).toEqual(['acme'])
  clock.ms += 1
  await deletions.dropActive('acme')
  expect(await deletions.list()).toEqual([])
})

test('a tenant is deleted by the third round that finds nothing of it', async () => {
  const ring = createKeyRing([Buffer.alloc(32, 7)])
  const tenants = createTenantStore({ redis, now: Date.now, ring, allowPrivateSmtp: false })
  await tenants.create({ id: 'gone', name: 'Gone' })
  await tenants.remove('gone')
  const nothing = { removeAll: async () => {} }
  const logger = createLogger('persistence', 'silent')
  const deletion = createTenantDeletion({ redis, tenants, apiKeys: nothing, webhooks: nothing, logger })
  const rounds = [await deletion.work(), await deletion.work(), await deletion.work()]
  expect(rounds.map(({ gone }) => gone)).toEqual([[], [], ['gone']])
})

test('a tenant whose endpoint may just be being made is not forgotten for a minute', async () => {
  const tenants = createWebhookTenants(redis, now)
  await tenants.add('acme', clock.ms)
  clock.ms += 59_999
  await tenants.forget('acme')
  expect(await tenants.list()).toEqual(['acme'])
  clock.ms += 1
  await tenants.forget('acme')
  expect(await tenants.list()).toEqual([])
})

test('the use of an API key is recorded once a minute', async () => {
  const use = createApiKeyUse(redis, now)
  const usedAfter = async (ms: number) => {
    clock.ms += ms
    use.note('abcdefghijkl')
    return (await use.read(['abcdefghijkl']))[0]
  }
  const beganAt = clock.ms
  expect([await usedAfter(0), await usedAfter(60_000)]).toEqual([beganAt, beganAt])
  expect(await usedAfter(1)).toBe(beganAt + 60_001)
})

test('one notification names 200 tenants; with more it means everybody', async () => {
  const notifications = createNotifications(redis)
  const named = async (count: number) => {
    for (let tenant = 0; tenant < count; tenant++) notifications.notify(`t${tenant}`)
    const before = await redis.xlen(keys.notifications)
    await expect.poll(() => redis.xlen(keys.notifications), { timeout: 30_000 }).toBe(before + 1)
    const [[, [, ids = '']] = ['', []]] = await redis.xrevrange(keys.notifications, '+', '-', 'COUNT', 1)
    return ids.split(' ').length
  }
  expect(await named(200)).toBe(200)
  expect(await named(201)).toBe(1)
})

test('notifications are collected for 50 ms', () => {
  const timer = vi.spyOn(globalThis, 'setTimeout')
  createNotifications(redis).notify('acme')
  expect(timer.mock.calls).toEqual([[expect.any(Function), 50]])
})

test('a MAC of the audit log has 24 bytes', () => {
  const [key] = createKeyRing([Buffer.alloc(32, 7)]).keys
  const fields = { k: 'k', t: 't', g: 'g', d: Buffer.alloc(5), n: 1, p: '' }
  const macs = [macOf(key, 'lane', fields), headOf(key, 'lane', 1, 'm').split(' ')[3] ?? '']
  expect(macs.map((mac) => Buffer.from(mac, 'base64url').length)).toEqual([24, 24])
})
