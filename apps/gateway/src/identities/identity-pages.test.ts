import type { IdentityListQuery, IdentityPage } from '@emailauth/contracts/identities'
import type { Message, MessageState } from '@emailauth/contracts/messages'
import { expect, test } from 'vitest'
import { identityPage } from './identity-pages.ts'

/** A store of `count` identities, the newest first; its cursor is an identity's position. */
function store(count: number) {
  const asked: IdentityListQuery[] = []
  const at = '2026-11-20T10:00:00.000Z'
  return {
    asked,
    async identities(query: IdentityListQuery): Promise<IdentityPage> {
      asked.push(query)
      const from = query.after === undefined ? 0 : Number(query.after) + 1
      const positions = Array.from({ length: count }, (_, position) => position).slice(
        from,
        from + query.first,
      )
      const items = positions.map((position) => ({
        cursor: String(position),
        identity: { id: `i${position}`, tenantId: 'demo', email: 'e', createdAt: at, expiresAt: at },
      }))
      const endCursor = items.at(-1)?.cursor ?? null
      return { items, hasNextPage: from + query.first < count, endCursor, totalCount: count }
    },
  }
}

const mailerWhere = (state: (position: number) => MessageState) => ({
  message: async (id: string) => ({ state: state(Number(id.slice(1))) }) as Message,
})
const ids = (page: { nodes: { id: string }[] }) => page.nodes.map(({ id }) => id)

test('without a filter by delivery a page is a page, and the mailer is not asked', async () => {
  const persistence = store(5)
  const mailer = { message: () => Promise.reject(new Error('asked')) }
  const page = await identityPage({ first: 2, after: '0' }, persistence, mailer)
  expect(ids(page)).toEqual(['i1', 'i2'])
  expect(page.pageInfo).toEqual({
    startCursor: '1',
    endCursor: '2',
    hasNextPage: true,
    hasPreviousPage: true,
  })
  expect(page.totalCount).toBe(5)
})

test('an empty page has no cursors', async () => {
  const { pageInfo } = await identityPage(
    { first: 2 },
    store(0),
    mailerWhere(() => 'sent'),
  )
  expect(pageInfo).toEqual({ startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false })
})

test('a filtered page is filled from as many pages as it takes, and the next one goes on where it ended', async () => {
  const persistence = store(1000)
  const mailer = mailerWhere((position) => (position % 100 === 0 ? 'queued' : 'sent'))
  const seen: string[] = []
  let after: string | undefined
  for (;;) {
    const query = { first: 3, delivery: 'QUEUED' as const, ...(after === undefined ? {} : { after }) }
    const page = await identityPage(query, persistence, mailer)
    seen.push(...ids(page))
    expect(page.nodes.length).toBeLessThanOrEqual(3)
    if (!page.pageInfo.hasNextPage) break
    after = page.pageInfo.endCursor ?? undefined
  }
  expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => `i${n * 100}`))
})

test('a filter without matches reads at most 400 identities and reports that more follow', async () => {
  const persistence = store(10_000)
  const page = await identityPage(
    { first: 50, delivery: 'FAILED' },
    persistence,
    mailerWhere(() => 'sent'),
  )
  expect(persistence.asked).toHaveLength(2)
  expect(page.nodes).toEqual([])
  expect(page.pageInfo).toMatchObject({ endCursor: '399', hasNextPage: true })
})

test('a page that came out short of the store is not the end, with a filter and without', async () => {
  const short: IdentityPage = { items: [], hasNextPage: true, endCursor: 'on', totalCount: 9 }
  const persistence = { identities: async () => short }
  const mailer = mailerWhere(() => 'sent')
  for (const query of [{ first: 5 }, { first: 5, delivery: 'FAILED' as const }]) {
    const { nodes, pageInfo } = await identityPage(query, persistence, mailer)
    expect(nodes).toEqual([])
    expect(pageInfo).toMatchObject({ endCursor: 'on', hasNextPage: true })
  }
})
