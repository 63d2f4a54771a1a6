import { afterAll, beforeAll, expect, test } from 'vitest'
import { digests } from '../../src/store/partition.ts'
import { register } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
afterAll(() => it?.close())

/** Addresses whose entries share a page: the first 13 bits of their digests are alike. */
function addressesOfAPage(tenantId: string, count: number): string[] {
  const byPage = new Map<number, string[]>()
  for (let i = 0; ; i++) {
    const email = `person-${i}@example.com`
    const page = digests.address(it.store.context.ring.keys[0], tenantId, email).readUInt16BE() >> 3
    const found = [...(byPage.get(page) ?? []), email]
    if (found.length === count) return found
    byPage.set(page, found)
  }
}

/** Key, head and entries of a tenant's only page. */
async function onlyPage(tenantId: string) {
  const pages = await it.redis.keysBuffer(`ea:{${tenantId}:00}:a:*`)
  expect(pages).toHaveLength(1)
  const key = pages[0] as Buffer
  const { '': head, ...entries } = await it.redis.hgetallBuffer(key)
  return { key, head, entries: Object.keys(entries) }
}

test('addresses of a page share a key, which Redis keeps as one block of bytes', async () => {
  const tenant = it.tenant()
  for (const email of addressesOfAPage(tenant.id, 12)) await register(it.store, tenant, { email })
  const { key, head, entries } = await onlyPage(tenant.id)
  expect(entries).toHaveLength(12)
  expect(head?.readUInt32BE(8)).toBe(12)
  expect(await it.redis.object('ENCODING', key)).toBe('listpack')
})

test('entries that are needed no more are deleted when a page has grown by eight, and no others are', async () => {
  const tenant = it.tenant({ mailsPerAddress: [{ max: 5, windowSeconds: 3600 }] })
  const emails = addressesOfAPage(tenant.id, 8)
  for (const email of emails.slice(0, 5)) await register(it.store, tenant, { email })
  it.clock.ms += 3_602_000
  for (const email of emails.slice(5, 7)) await register(it.store, tenant, { email })
  expect((await onlyPage(tenant.id)).entries).toHaveLength(7)
  await register(it.store, tenant, { email: emails[7] as string })
  const { head, entries } = await onlyPage(tenant.id)
  expect(entries).toHaveLength(3)
  expect(head?.readUInt32BE(8)).toBe(3)
  for (const email of emails.slice(5))
    expect((await register(it.store, tenant, { email })).replaced).toBe(true)
})

test('a page lives as long as the entry that is needed longest', async () => {
  const tenant = it.tenant()
  const [first = '', second = ''] = addressesOfAPage(tenant.id, 2)
  await register(it.store, tenant, { email: first, expiresInSeconds: 3600 })
  await register(it.store, tenant, { email: second, expiresInSeconds: 60 })
  const { key } = await onlyPage(tenant.id)
  expect(await it.redis.pttl(key)).toBeGreaterThan(3_540_000)
})

test('a page lives longer when an entry comes that is needed longer, and its head says until when', async () => {
  const tenant = it.tenant({ mailsPerAddress: [] })
  const [first = '', second = ''] = addressesOfAPage(tenant.id, 2)
  await register(it.store, tenant, { email: first, expiresInSeconds: 60 })
  await register(it.store, tenant, { email: second, expiresInSeconds: 3600 })
  const { key, head } = await onlyPage(tenant.id)
  const ms = await it.redis.pttl(key)
  expect(ms).toBeGreaterThan(1.25 * 3_540_000)
  expect((head?.readUInt32BE(12) ?? 0) * 1000).toBeLessThanOrEqual(it.clock.ms + 1.25 * 3_600_000)
})

test('a page that a version without heads has written keeps its TTL and gets a head', async () => {
  const tenant = it.tenant()
  const [first = '', second = ''] = addressesOfAPage(tenant.id, 2)
  await register(it.store, tenant, { email: first })
  const before = await onlyPage(tenant.id)
  await it.redis.hdel(before.key, '')
  await it.redis.pexpire(before.key, 100 * 3_600_000)
  await register(it.store, tenant, { email: second })
  const { head, entries } = await onlyPage(tenant.id)
  expect(entries).toHaveLength(2)
  expect(head?.readUInt32BE(8)).toBe(1)
  expect(await it.redis.pttl(before.key)).toBeGreaterThan(99 * 3_600_000)
})
