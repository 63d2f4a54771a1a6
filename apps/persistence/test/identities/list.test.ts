import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register } from '../calls.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each(SERVERS)('lists on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('lists newest first, page by page, none twice and none left out', async () => {
    const tenant = it.tenant()
    const made: string[] = []
    for (let i = 0; i < 25; i++) {
      if (i % 3 === 0) it.clock.ms += 1
      made.unshift((await register(it.store, tenant, { email: `u${i}@example.com` })).identityId)
    }
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 7, after })
      expect(page.totalCount).toBe(25)
      seen.push(...page.items.map(({ identity }) => identity.id))
      after = page.endCursor ?? undefined
      if (!page.hasNextPage) break
    }
    expect(new Set(seen)).toEqual(new Set(made))
    expect(seen).toHaveLength(25)
    const times = await Promise.all(
      seen.map(async (id) => (await it.store.identities.byId(id))?.record.createdAtMs ?? 0),
    )
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  test('lists by exact address, over tenants', async () => {
    const [one, two] = [it.tenant(), it.tenant()]
    await register(it.store, one, { email: 'bob@example.com' })
    const a = await register(it.store, one)
    const b = await register(it.store, two)
    const page = await it.store.identities.list({
      tenantIds: [one.id, two.id],
      email: ' ADA@Example.com',
      first: 10,
    })
    expect(page.items.map(({ identity }) => identity.id).sort()).toEqual([a.identityId, b.identityId].sort())
    expect(page.totalCount).toBe(2)
    const none = await it.store.identities.list({ tenantIds: [one.id], email: 'eve@example.com', first: 10 })
    expect(none).toEqual({ items: [], hasNextPage: false, endCursor: null, totalCount: 0 })
    await expect(
      it.store.identities.list({ tenantIds: [one.id], first: 1, after: 'rubbish' }),
    ).rejects.toThrow('cursor')
  })

  test.runIf(takesManyCalls(server))(
    'lists by exact domain, however it is written, over tenants and pages',
    async () => {
      const [one, two] = [it.tenant(), it.tenant()]
      const wanted: string[] = []
      for (const [at, tenant] of [one, two, one, two, one].entries()) {
        it.clock.ms += 1
        await register(it.store, tenant, { email: `u${at}@example.com` })
        await register(it.store, tenant, { email: `u${at}@shop.bücher.example` })
        wanted.unshift((await register(it.store, tenant, { email: `u${at}@BÜCHER.example` })).identityId)
      }
      const walk = async (domain: string, rest: object = {}) => {
        const seen: string[] = []
        let after: string | undefined
        for (;;) {
          const options = { tenantIds: [one.id, two.id], domain, first: 2, after, ...rest }
          const page = await it.store.identities.list(options)
          expect(page.totalCount).toBe(15)
          seen.push(...page.items.map(({ identity }) => identity.id))
          if (!page.hasNextPage) return seen
          after = page.endCursor ?? undefined
        }
      }
      for (const spelling of ['bücher.example', ' @Bücher.Example', 'xn--bcher-kva.example']) {
        expect(await walk(spelling)).toEqual(wanted)
      }
      expect(await walk('cher.example')).toEqual([])
      const both = { tenantIds: [one.id], email: 'u0@example.com', first: 2 }
      expect((await it.store.identities.list({ ...both, domain: 'example.com' })).items).toHaveLength(1)
      expect((await it.store.identities.list({ ...both, domain: 'example.org' })).items).toEqual([])
      const to = new Date(it.clock.ms).toISOString()
      expect(await walk('bücher.example', { to })).toEqual(wanted.slice(1))
      expect(await walk('bücher.example', { from: to })).toEqual(wanted.slice(0, 1))
      await expect(walk('no domain')).rejects.toThrow('domain')
    },
  )
})

describe('a search by domain among many', () => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore('redis-server')
  })
  afterAll(() => it?.close())

  test('a page reads a bounded number of identities and says how many; the next one goes on', async () => {
    const tenant = it.tenant()
    for (let round = 0; round < 56; round++) {
      it.clock.ms += 1
      const emails = Array.from({ length: 100 }, (_, n) => `u${round}.${n}@example.com`)
      if (round === 0) emails[0] = 'oldest@rare.example'
      await Promise.all(emails.map((email) => register(it.store, tenant, { email })))
    }
    const search = (after?: string) =>
      it.store.identities.list({ tenantIds: [tenant.id], domain: 'rare.example', first: 10, after })
    const first = await search()
    expect(first).toMatchObject({ items: [], hasNextPage: true, totalCount: 5600 })
    expect(first.scannedCount).toBeGreaterThanOrEqual(5000)
    expect(first.scannedCount).toBeLessThan(5600)
    const second = await search(first.endCursor ?? undefined)
    expect(second.items.map(({ identity }) => identity.email)).toEqual(['oldest@rare.example'])
    expect(second.hasNextPage).toBe(false)
    expect((first.scannedCount ?? 0) + (second.scannedCount ?? 0)).toBe(5600)
  })
})

describe('a list over what has expired', () => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore('redis-server')
  })
  afterAll(() => it?.close())

  test('one call reads a bounded number of dead entries, and the page after it goes on', async () => {
    const tenant = it.tenant()
    const dead: string[] = []
    for (let round = 0; round < 30; round++) {
      it.clock.ms += 1
      const made = Array.from({ length: 100 }, (_, n) =>
        register(it.store, tenant, { email: `d${round}.${n}@example.com` }),
      )
      for (const { identityId } of await Promise.all(made)) dead.push(identityId)
    }
    const records = (await (it.redis as Redis).keysBuffer(`*${tenant.id}*`)).filter((key) =>
      key.includes('}:n:'),
    )
    expect(records).toHaveLength(3000)
    // Redis itself expires records. Their members are swept later.
    for (const record of records) await it.redis.del(record)
    const newest = await register(it.store, tenant, { email: 'newest@example.com' })
    const seen: string[] = []
    let after: string | undefined
    let calls = 0
    for (;;) {
      const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 7, after })
      calls += 1
      seen.push(...page.items.map(({ identity }) => identity.id))
      if (!page.hasNextPage) break
      expect(page.endCursor).not.toBe(after)
      after = page.endCursor ?? undefined
    }
    expect(seen).toEqual([newest.identityId])
    expect(calls).toBeGreaterThan(1)
    expect(calls).toBeLessThan(10)
    expect(dead).toHaveLength(3000)
  })
})
