import { scanKeys } from '@emailauth/redis/scan-keys'
import { expect, onTestFinished, test } from 'vitest'
import { keyPrefix } from '../../src/store/keys.ts'
import { register } from '../calls.ts'
import { madeTenant, sweep } from '../events/recorded-events.ts'
import { openTestStore } from '../store.ts'

test('identities whose records an operator has deleted are counted until they would have expired', async () => {
  const it = await openTestStore('redis-server')
  onTestFinished(() => it.close())
  const tenant = await madeTenant(it)
  for (const email of ['a@example.com', 'b@example.com', 'c@example.com'])
    await register(it.store, tenant, { email, expiresInSeconds: 60 })
  await register(it.store, tenant, { email: 'd@example.com', expiresInSeconds: 600 })
  const page = () => it.store.identities.list({ tenantIds: [tenant.id], first: 10 })
  for await (const records of scanKeys(it.redis, `${keyPrefix(tenant.id, 0)}n:*`))
    await it.redis.del([...records])
  expect(await page()).toMatchObject({ items: [], totalCount: 4 })
  it.clock.ms += 63_000
  await sweep(it)
  expect((await page()).totalCount).toBe(1)
  it.clock.ms += 600_000
  await sweep(it)
  expect((await page()).totalCount).toBe(0)
})
