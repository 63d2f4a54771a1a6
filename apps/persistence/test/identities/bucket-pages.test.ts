import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nowArgument, runQuery } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { outcome, verify } from '../calls.ts'
import { idsOf, memberOf, readBuckets, readPages, registerMany } from '../redis/partitions.ts'
import { openTestStore, type TestStore } from '../store.ts'

const FULL = 140

// Thousands of calls, which take the embedded Redis half a minute: there they are the full form.
const testOn = (server: 'redis-server' | 'embedded') =>
  test.runIf(server !== 'embedded' || process.env.EMAILAUTH_FULL === '1')

describe.each(['redis-server', 'embedded'] as const)('pages on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('a great many of one ms stand in one bucket, in the order of their members', async () => {
    const tenant = it.tenant()
    const before = await registerMany(it, tenant, { count: 3, everyMs: 1 })
    it.clock.ms += 1
    const byMember = (a: string, b: string) => (memberOf(a) < memberOf(b) ? 1 : -1)
    const count = server === 'embedded' ? 300 : 1300
    const crowd = idsOf(await registerMany(it, tenant, { count, everyMs: 0 })).sort(byMember)
    it.clock.ms += 1
    const after = await registerMany(it, tenant, { count: 3, everyMs: 1 })
    const buckets = await readBuckets(it, tenant.id)
    expect(buckets.map(({ members }) => members.length)).toEqual([count + 3, 3])
    const all = [...idsOf(after), ...crowd, ...idsOf(before)]
    expect(await readPages(it, [tenant.id], 500)).toEqual(all)
    expect(await readPages(it, [tenant.id], 97)).toEqual(all)
  })

  testOn(server)(
    'while the clock is behind nothing is lost, and pages follow the order in which identities came',
    async () => {
      const tenant = it.tenant()
      const begun = it.clock.ms
      const parts = [await registerMany(it, tenant, { count: FULL + 20, everyMs: 3 })]
      // Step back within the open bucket, then a little before it, then by minutes, then over the same times
      // again.
      for (const backMs of [20, 700, 300_000, 60_000]) {
        it.clock.ms -= backMs
        const part = await registerMany(it, tenant, { count: FULL + 20, everyMs: 3 })
        for (const { createdAt, expiresAt } of part)
          expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(600_000)
        parts.unshift(part)
      }
      // Step back exactly to the moment that names the first bucket.
      it.clock.ms = begun
      parts.unshift(await registerMany(it, tenant, { count: 5, everyMs: 0 }))
      it.clock.ms = begun + 10_000
      parts.unshift(await registerMany(it, tenant, { count: 5, everyMs: 1 }))

      const buckets = await readBuckets(it, tenant.id)
      const seen = await readPages(it, [tenant.id], 33)
      expect(seen).toHaveLength(5 * (FULL + 20) + 10)
      expect(await readPages(it, [tenant.id], 1000)).toEqual(seen)
      expect(new Set(seen)).toEqual(new Set(parts.flatMap(idsOf)))
      // Buckets are in the order in which they were filled. Within one, members from before its start have
      // the same score.
      const bucketOf = new Map(
        buckets.flatMap(({ members }, at) => members.map((member) => [member, at] as const)),
      )
      const order = seen.map((id) => bucketOf.get(memberOf(id)) as number)
      expect(order).toEqual([...order].sort((a, b) => b - a))
      const cameIn = parts.flatMap(idsOf).map((id) => bucketOf.get(memberOf(id)) as number)
      expect(cameIn).toEqual([...cameIn].sort((a, b) => b - a))
      for (const [at, bucket] of buckets.entries())
        expect(bucket.begins).toBeGreaterThan(buckets[at - 1]?.begins ?? 0)

      for (const made of parts.flat()) {
        const answer = await verify(it.store, tenant, made.number)
        expect(answer).toMatchObject({ verification: { registeredAt: made.createdAt } })
      }
      expect(await readBuckets(it, tenant.id)).toEqual([])
    },
  )

  test('what came while the clock was behind is swept when it has caught up', async () => {
    const tenant = it.tenant()
    const sweep = () =>
      runQuery(
        it.store.context,
        scripts.sweep,
        { tenantId: tenant.id, partition: 0 },
        { now: nowArgument(it.store.context), mostSeconds: 10_000, mostMembers: 1000, rollUpDelayMs: 0 },
      ).then(({ expired }) => expired)
    await registerMany(it, tenant, { count: 1, everyMs: 0 })
    it.clock.ms += 1_000_000
    expect(await sweep()).toHaveLength(1)
    it.clock.ms -= 900_000
    const made = await registerMany(it, tenant, { count: 3, everyMs: 1, expiresInSeconds: 60 })
    it.clock.ms += 903_000
    const expired = (await sweep()).map((member) => member.toString('hex'))
    expect(expired.sort()).toEqual(idsOf(made).map(memberOf).sort())
    expect(await readBuckets(it, tenant.id)).toEqual([])
  })

  testOn(server)(
    'an identity that stays live is listed once, while whole buckets are emptied and others are added',
    async () => {
      const tenant = it.tenant()
      const made = await registerMany(it, tenant, { count: 5 * FULL, everyMs: 2 })
      const alive = new Map(made.map((one) => [one.identityId, one]))
      let turn = 0
      const seen = await readPages(it, [tenant.id], 50, async (listed) => {
        turn += 1
        // Removes the last page with the cursor itself, then more than a bucket of the next ones, then one at
        // the end.
        const rest = made.filter(({ identityId }) => alive.has(identityId) && !listed.includes(identityId))
        const going = [
          ...listed.slice(-3),
          ...idsOf(rest.slice(0, turn === 3 ? FULL + 30 : 7)),
          ...idsOf(rest.slice(-1)),
        ]
        for (const id of going) {
          const one = alive.get(id)
          alive.delete(id)
          if (one === undefined) continue
          if (turn % 2 === 0) expect(await it.store.identities.revoke(id)).toBe(true)
          else expect(await outcome(verify(it.store, tenant, one.number))).toBe('verified')
        }
        it.clock.ms += 1
        await registerMany(it, tenant, { count: 10, everyMs: 1 })
        await readBuckets(it, tenant.id)
      })
      for (const id of alive.keys()) expect(seen).toContain(id)
      expect(new Set(seen)).toEqual(new Set(seen.filter((id) => idsOf(made).includes(id))))
    },
  )

  testOn(server)('a great many that have expired and are not swept yet hide nobody', async () => {
    const tenant = it.tenant()
    const short = { count: 2100, everyMs: 0, expiresInSeconds: 0.005 }
    // The identities expire in a second that is not over when the last one registers, so none is swept.
    it.clock.ms = Math.ceil(it.clock.ms / 1000) * 1000
    const old = await registerMany(it, tenant, { count: 3, everyMs: 1 })
    it.clock.ms += 1
    await registerMany(it, tenant, short)
    it.clock.ms += 1
    const [last] = await registerMany(it, tenant, { ...short, count: FULL, everyMs: 1 })
    const id = last?.identityId ?? ''
    await eventually(async () => expect(await it.store.identities.byId(id)).toBeUndefined())
    expect((await readBuckets(it, tenant.id)).flatMap(({ members }) => members)).toHaveLength(2103 + FULL)
    for (const first of [1, 3, 50]) expect(await readPages(it, [tenant.id], first)).toEqual(idsOf(old))
  })
})
