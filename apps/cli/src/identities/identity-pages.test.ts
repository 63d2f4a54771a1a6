import type { Identity, IdentityPage, IdentityPageOptions } from '@emailauth/client'
import { expect, test } from 'vitest'
import { identitiesUpTo } from './identity-pages.ts'

const identity = (id: string): Identity => ({
  id,
  tenant: { id: 'shop', name: 'Shop' },
  email: `${id}@example.com`,
  createdAt: '2026-11-27T16:00:00.000Z',
  expiresAt: '2026-11-27T16:10:00.000Z',
  delivery: {
    state: 'SENT',
    attempts: 1,
    reason: null,
    relay: null,
    updatedAt: null,
    nextAttemptAt: null,
  },
})

/** A search whose pages find these identities. Without more pages the last one is the end. */
function searching(pages: readonly (readonly string[])[]) {
  const asked: IdentityPageOptions[] = []
  const identities = async (options: IdentityPageOptions = {}): Promise<IdentityPage> => {
    const at = Number(options.after ?? 0)
    asked.push(options)
    return {
      nodes: (pages[at] ?? []).map(identity),
      pageInfo: { hasNextPage: at + 1 < pages.length, endCursor: String(at + 1) },
      totalCount: 80_000,
    }
  }
  return { asked, identities }
}

test('a search goes on over empty pages until it has found enough', async () => {
  const client = searching([[], ['a'], [], ['b'], ['c']])
  const page = await identitiesUpTo(client, 2, { domain: 'example.com' })
  expect(page.nodes.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(page.pageInfo).toEqual({ hasNextPage: true, endCursor: '4' })
  expect(client.asked.map(({ first, after }) => [first, after])).toEqual([
    [2, undefined],
    [2, '1'],
    [1, '2'],
    [1, '3'],
  ])
})

test('it ends where there are no more identities', async () => {
  const client = searching([[], [], ['a']])
  const page = await identitiesUpTo(client, 50, { domain: 'example.com' })
  expect(page.nodes).toHaveLength(1)
  expect(page.pageInfo.hasNextPage).toBe(false)
})

test('a cursor that does not move ends it', async () => {
  const stuck = { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'x' }, totalCount: 1 }
  let calls = 0
  const identities = async (): Promise<IdentityPage> => {
    calls += 1
    return stuck
  }
  expect((await identitiesUpTo({ identities }, 1, { domain: 'example.com' })).nodes).toEqual([])
  expect(calls).toBe(2)
})
