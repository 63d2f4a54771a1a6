import { afterAll, beforeAll, expect, test } from 'vitest'
import { digests } from '../src/store/partition.ts'
import { register } from './calls.ts'
import { openTestStore, type TestStore } from './store.ts'

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

async function onlyPage(tenantId: string): Promise<Record<string, Buffer>> {
  const pages = await it.redis.keysBuffer(`ea:{${tenantId}:00}:a:*`)
  expect(pages).toHaveLength(1)
  return it.redis.hgetallBuffer(pages[0] as Buffer)
}

test('addresses of a page share a key, which Redis keeps as one block of bytes', async () => {
  const tenant = it.tenant()
  for (const email of addressesOfAPage(tenant.id, 12)) await register(it.store, tenant, { email })
  expect(Object.keys(await onlyPage(tenant.id))).toHaveLength(12)
  const [page = ''] = await it.redis.keysBuffer(`ea:{${tenant.id}:00}:a:*`)
  expect(await it.redis.object('ENCODING', page)).toBe('listpack')
})

test('entries that are needed no more are deleted when a page has grown by eight, and no others are', async () => {
  const tenant = it.tenant({ mailsPerAddress: [{ max: 5, windowSeconds: 3600 }] })
  const emails = addressesOfAPage(tenant.id, 8)
  for (const email of emails.slice(0, 5)) await register(it.store, tenant, { email })
  it.clock.ms += 3_602_000
  for (const email of emails.slice(5, 7)) await register(it.store, tenant, { email })
  expect(Object.keys(await onlyPage(tenant.id))).toHaveLength(7)
  await register(it.store, tenant, { email: emails[7] as string })
  expect(Object.keys(await onlyPage(tenant.id))).toHaveLength(3)
  for (const email of emails.slice(5))
    expect((await register(it.store, tenant, { email })).replaced).toBe(true)
})

test('a page lives as long as the entry that is needed longest', async () => {
  const tenant = it.tenant()
  const [first = '', second = ''] = addressesOfAPage(tenant.id, 2)
  await register(it.store, tenant, { email: first, expiresInSeconds: 3600 })
  await register(it.store, tenant, { email: second, expiresInSeconds: 60 })
  const [page = ''] = await it.redis.keysBuffer(`ea:{${tenant.id}:00}:a:*`)
  expect(await it.redis.pttl(page)).toBeGreaterThan(3_540_000)
})
