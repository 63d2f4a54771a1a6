import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { register } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

const TENANTS = 200
const OF_EACH = 12

let it: TestStore
let tenantIds: string[]
const made: string[] = []

beforeAll(async () => {
  it = await openTestStore('redis-server')
  const tenants = Array.from({ length: TENANTS }, () => it.tenant())
  tenantIds = tenants.map(({ id }) => id)
  for (let round = 0; round < OF_EACH; round++) {
    it.clock.ms += 1
    const registered = tenants.map((tenant) => register(it.store, tenant, { email: `r${round}@example.com` }))
    for (const { identityId } of await Promise.all(registered)) made.push(identityId)
  }
  for (const id of tenantIds) await it.redis.sadd('ea:tenants', id)
})
afterAll(() => it?.close())

/** Counts the bytes that Redis sends during a read. */
async function bytesRead<Result>(read: () => Promise<Result>): Promise<[Result, number]> {
  const sent = async () =>
    Number(/^total_net_output_bytes:(\d+)/m.exec(await (it.redis as Redis).info('stats'))?.[1])
  const before = await sent()
  const result = await read()
  return [result, (await sent()) - before]
}

test('a page of all tenants reads a few entries of each, and pages hold every identity once', async () => {
  const list = (after: string | undefined, first: number) =>
    it.store.identities.list({ tenantIds, first, after })
  // The list reads 4 entries of each. The 11 that a page may need would be more than 400 KB.
  const [first, bytes] = await bytesRead(() => list(undefined, 10))
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(250_000)
  expect(first.totalCount).toBe(TENANTS * OF_EACH)
  const seen: string[] = []
  let last = ''
  for (let after: string | undefined; ; ) {
    const page = await list(after, 70)
    expect(page.items.length).toBeLessThanOrEqual(70)
    for (const { identity } of page.items) {
      expect(last === '' || identity.createdAt <= last).toBe(true)
      last = identity.createdAt
      seen.push(identity.id)
    }
    if (!page.hasNextPage) break
    expect(page.endCursor).not.toBe(after)
    after = page.endCursor ?? undefined
  }
  expect(seen).toHaveLength(made.length)
  expect(new Set(seen)).toEqual(new Set(made))
})

test('so do pages of events, newest first and oldest first', async () => {
  const read = (reach: { before?: string | undefined; after?: string | undefined }) =>
    it.store.events.page({ audit: false, first: 100, ...reach })
  const [, bytes] = await bytesRead(() => it.store.events.page({ audit: false, first: 10 }))
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(250_000)
  for (const direction of ['before', 'after'] as const) {
    const cursors: string[] = []
    const seen: string[] = []
    for (let from = direction === 'after' ? '0' : undefined; ; ) {
      const page = await read({ [direction]: from })
      cursors.push(...page.events.map(({ cursor }) => cursor))
      seen.push(...page.events.flatMap(({ identityId }) => identityId ?? []))
      if (!page.hasMore) break
      expect(page.endCursor).not.toBe(from)
      from = page.endCursor ?? undefined
    }
    const sorted = cursors.toSorted()
    expect(cursors).toEqual(direction === 'after' ? sorted : sorted.reverse())
    expect(new Set(seen)).toEqual(new Set(made))
    expect(seen).toHaveLength(made.length)
  }
})
