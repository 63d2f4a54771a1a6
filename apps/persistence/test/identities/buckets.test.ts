import { FULL as FULL_FORM } from '@emailauth/testing/full-form'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyPrefix } from '../../src/store/keys.ts'
import { nowArgument, runQuery } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { outcome, type Registered, register, verify } from '../calls.ts'
import { idsOf, memberOf, readBuckets, readPages, registerMany } from '../redis/partitions.ts'
import { openTestStore, type TestStore } from '../store.ts'

const FULL = 140
const DAY_MS = 86_400_000

// Hundreds of calls, which take the embedded Redis seconds: there they are the full form.
const testOn = (server: 'redis-server' | 'embedded') => test.runIf(server !== 'embedded' || FULL_FORM)

describe.each(['redis-server', 'embedded'] as const)('buckets on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  testOn(server)('full ones are followed by others, also those that are a minute old', async () => {
    const tenant = it.tenant()
    const made = await registerMany(it, tenant, { count: 2 * FULL + 5, everyMs: 7 })
    it.clock.ms += 64_000
    made.unshift(...(await registerMany(it, tenant, { count: 1, everyMs: 0 })))
    it.clock.ms += 66_000
    made.unshift(...(await registerMany(it, tenant, { count: 1, everyMs: 0 })))
    const buckets = await readBuckets(it, tenant.id)
    expect(buckets.map(({ members }) => members.length)).toEqual([FULL, FULL, 6, 1])
    expect(buckets.map(({ momentMs, begins }) => begins - momentMs)).toEqual([0, 0, 0, 0])
    for (const first of [1, 13, FULL, 1000])
      expect(await readPages(it, [tenant.id], first)).toEqual(idsOf(made))
  })

  test('a bucket that is emptied while it is open goes, and comes back with the next', async () => {
    const tenant = it.tenant()
    for (let i = 0; i < 3; i++) {
      const [made] = await registerMany(it, tenant, { count: 1, everyMs: 0 })
      expect(await readBuckets(it, tenant.id)).toHaveLength(1)
      expect(await outcome(verify(it.store, tenant, made?.number ?? ''))).toBe('verified')
      expect(await readBuckets(it, tenant.id)).toEqual([])
      it.clock.ms += i
    }
    // In one run, registering replaces the only identity.
    const emails = Array.from({ length: 10 }, () => register(it.store, tenant, { email: 'one@example.com' }))
    await Promise.all(emails)
    expect((await readBuckets(it, tenant.id)).map(({ members }) => members.length)).toEqual([1])
    expect(await readPages(it, [tenant.id], 2)).toHaveLength(1)
    // The state after two days. The count does not change.
    for (const key of ['live', 'index']) await it.redis.pexpire(keyPrefix(tenant.id, 0) + key, 1000)
    it.clock.ms += 70_000
    await register(it.store, tenant, { email: 'one@example.com' })
    expect((await readBuckets(it, tenant.id)).map(({ members }) => members.length)).toEqual([1])
  })

  testOn(server)(
    'expired, swept, replaced, revoked, verified: the count is exact after everything',
    async () => {
      const tenant = it.tenant()
      const [short, long] = [
        await registerMany(it, tenant, { count: FULL + 10, everyMs: 5, expiresInSeconds: 60 }),
        await registerMany(it, tenant, { count: FULL, everyMs: 5, expiresInSeconds: 6000 }),
      ]
      const [first, second, third, ...rest] = long as [Registered, Registered, Registered, ...Registered[]]
      await verify(it.store, tenant, first.number)
      await it.store.identities.revoke(second.identityId)
      await register(it.store, tenant, { email: third.email, expiresInSeconds: 6000 })
      it.clock.ms += 70_000
      const sweep = () =>
        runQuery(
          it.store.context,
          scripts.sweep,
          { tenantId: tenant.id, partition: 0 },
          { now: nowArgument(it.store.context), mostSeconds: 1000, mostMembers: 64, rollUpDelayMs: 0 },
        ).then(({ expired }) => expired)
      const expired: string[] = []
      for (let swept = await sweep(); swept.length > 0; swept = await sweep())
        expired.push(...swept.map((member) => member.toString('hex')))
      expect(expired.sort()).toEqual(idsOf(short).map(memberOf).sort())
      const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 200 })
      expect(page.totalCount).toBe(rest.length + 1)
      expect(page.items).toHaveLength(rest.length + 1)
      expect((await readBuckets(it, tenant.id)).flatMap(({ members }) => members)).toHaveLength(
        rest.length + 1,
      )
    },
  )

  test('where nobody has registered or swept for a day, those of before are forgotten', async () => {
    const tenant = it.tenant()
    await registerMany(it, tenant, { count: 3, everyMs: 1 })
    // The state after it has expired.
    await it.redis.del(`${keyPrefix(tenant.id, 0)}swept`)
    it.clock.ms += DAY_MS
    const made = await registerMany(it, tenant, { count: 2, everyMs: 1 })
    const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 10 })
    expect(page.totalCount).toBe(2)
    expect(page.items.map(({ identity }) => identity.id)).toEqual(idsOf(made))
  })
})
