import { randomUUID } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type { Tenant } from '@emailauth/contracts/tenants'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register } from '../calls.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { madeTenant } from './recorded-events.ts'

/** A request id as the gateway makes them: UUID version 7. */
function requestIdOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

describe.each(SERVERS)('pages of events on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test.runIf(takesManyCalls(server))(
    'pages run through everything once in both directions, over partitions and tenants',
    async () => {
      const tenants = [await madeTenant(it), await madeTenant(it)]
      for (let i = 0; i < 30; i++)
        await register(it.store, tenants[i % 2] as Tenant, { email: `u${i}@example.com` })
      const walk = async (tenantId: string | undefined, backwards: boolean) => {
        const seen: string[] = []
        let cursor: string | undefined = backwards ? undefined : '0'
        for (;;) {
          const position = backwards ? { before: cursor } : { after: cursor }
          const types = ['registered'] as const
          const page = await it.store.events.page({
            tenantId,
            audit: true,
            first: 7,
            types: [...types],
            ...position,
          })
          seen.push(...page.events.map((event) => event.cursor))
          if (!page.hasMore) return seen
          cursor = page.endCursor ?? undefined
        }
      }
      const tenantId = tenants[0]?.id
      const back = await walk(tenantId, true)
      expect(back).toHaveLength(15)
      expect(back).toEqual([...new Set(back)].sort().reverse())
      // On a Cluster new events are withheld until no older ones can be added.
      await eventually(async () => expect(await walk(tenantId, false)).toEqual([...back].reverse()))
      const all = await walk(undefined, true)
      expect(new Set(all).size).toBe(all.length)
      expect(all.length).toBeGreaterThanOrEqual(30)
    },
  )

  test('of one actor, with what was changed', async () => {
    const target = (await madeTenant(it)).id
    const act = (id: string, after: string) =>
      it.store.audit.record({
        type: 'tenant.updated',
        actor: { kind: 'admin', id },
        tenantId: target,
        target,
        changes: [{ field: 'name', before: 'x', after }],
      })
    await act('ada@example.com', 'by Ada')
    await act('eve@example.com', 'by Eve')
    const page = await it.store.events.page({ audit: true, first: 50, actorId: 'ada@example.com' })
    expect(page.events.map(({ changes }) => changes)).toEqual([
      [{ field: 'name', before: 'x', after: 'by Ada' }],
    ])
  })

  test('of one identity, which may be over, everything and nothing else', async () => {
    const tenant = await madeTenant(it)
    const ada = await register(it.store, tenant, { email: 'ada@example.com' })
    await register(it.store, tenant, { email: 'eve@example.com' })
    const again = await register(it.store, tenant, { email: 'ada@example.com' })
    const typesOf = async (identityId: string) => {
      const page = await it.store.events.page({ tenantId: undefined, audit: true, first: 50, identityId })
      expect(page.hasMore).toBe(false)
      return page.events.map(({ type }) => type)
    }
    expect(await typesOf(ada.identityId)).toEqual(['replaced', 'registered'])
    expect(await typesOf(again.identityId)).toEqual(['registered'])
  })

  test.runIf(takesManyCalls(server))(
    'of a request: what it registered or resent, found by the moment in its id',
    async () => {
      const tenant = await madeTenant(it)
      const now = Date.now()
      const find = async (requestId: string, tenantId?: string) =>
        (await it.store.events.page({ tenantId, audit: true, first: 50, requestId })).events
      // The clocks of gateway and Redis differ, or the request waited.
      const found = [0, 50_000, -40_000].map((ms) => requestIdOf(now - ms))
      const tooFar = [900_000, -480_000].map((ms) => requestIdOf(now - ms))
      const made = new Map<string, string>()
      for (const requestId of [...found, ...tooFar, 'of-another-program']) {
        const email = `${randomUUID()}@example.com`
        made.set(requestId, (await register(it.store, tenant, { email, requestId })).identityId)
      }
      for (const requestId of found) {
        expect(await find(requestId)).toMatchObject([
          { type: 'registered', requestId, identityId: made.get(requestId), tenantId: tenant.id },
        ])
        expect(await find(requestId, (await madeTenant(it)).id)).toEqual([])
      }
      for (const requestId of [...tooFar, 'of-another-program', requestIdOf(now)]) {
        expect(await find(requestId)).toEqual([])
      }
      const again = requestIdOf(now)
      const identityId = made.get(found[0] ?? '') ?? ''
      await it.store.resend(tenant, { tenantId: tenant.id, requestId: again, identityId })
      expect(await find(again)).toMatchObject([{ type: 'resent', requestId: again, identityId }])
    },
  )

  test('who follows gets what was and what comes, in order, once', async () => {
    const tenant = await madeTenant(it)
    const before = await register(it.store, tenant, { email: 'first@example.com' })
    const gone = new AbortController()
    const filter = { tenantId: tenant.id, audit: false }
    const seen: Event[] = []
    const following = (async () => {
      for await (const batch of it.store.events.follow(filter, '0', gone.signal)) {
        seen.push(...batch)
        if (seen.length >= 11) return
      }
    })()
    const after = []
    for (let i = 0; i < 10; i++) after.push(await register(it.store, tenant, { email: `u${i}@example.com` }))
    await following
    gone.abort()
    const ids = seen.map(({ identityId }) => identityId)
    expect(new Set(ids)).toEqual(new Set([before, ...after].map(({ identityId }) => identityId)))
    expect(ids).toHaveLength(11)
    const cursors = seen.map(({ cursor }) => cursor)
    expect(cursors).toEqual([...cursors].sort())
  })
})
