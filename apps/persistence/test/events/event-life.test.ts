import { createLogger } from '@emailauth/service/logging/logger'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenantDeletion } from '../../src/tenants/delete-tenants.ts'
import { register, verify } from '../calls.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { counted, eventsOf, HOUR_MS, MINUTE_MS, madeTenant, sweep } from './recorded-events.ts'

describe.each(SERVERS)('what becomes of events on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('a deleted tenant leaves nothing, in any partition', async () => {
    const tenant = await madeTenant(it)
    for (let i = 0; i < 20; i++) await register(it.store, tenant, { email: `u${i}@example.com` })
    await it.store.tenants.remove(tenant.id)
    const logger = createLogger('test', 'silent')
    const deletion = createTenantDeletion({ ...it.store, redis: it.redis, logger })
    await eventually(async () => expect((await deletion.work()).gone).toEqual([tenant.id]))
    expect(await it.store.tenants.get(tenant.id)).toBeUndefined()
    expect(await eventsOf(it, tenant)).toEqual([])
    const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 10 })
    expect(page).toEqual({ items: [], hasNextPage: false, endCursor: null, totalCount: 0 })
  })

  test.runIf(takesManyCalls(server))(
    'hours and days are added up once, and read the same before and after',
    async () => {
      const tenant = await madeTenant(it)
      it.clock.ms = Math.ceil(it.clock.ms / HOUR_MS) * HOUR_MS + 30 * MINUTE_MS
      const began = it.clock.ms
      for (let i = 0; i < 3; i++) {
        const { number } = await register(it.store, tenant, { email: `u${i}@example.com` })
        it.clock.ms += 7 * MINUTE_MS
        if (i < 2) await verify(it.store, tenant, number)
      }
      const expected = { registered: 3, verified: 2, 'wait 7': 2 }
      expect(await counted(it, tenant, 'hour', began)).toEqual(expected)
      it.clock.ms += 3 * HOUR_MS
      await Promise.all([sweep(it), sweep(it), sweep(it)])
      await sweep(it)
      for (const step of ['hour', 'day'] as const)
        expect(await counted(it, tenant, step, began)).toEqual({ ...expected, expired: 1 })
    },
  )
})
