import type { Tenant } from '@emailauth/contracts/tenants'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { Cluster, type Redis } from 'ioredis'
import { expect } from 'vitest'
import { parseIdentityId } from '../../src/store/identity-id.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { type Registered, register } from '../calls.ts'
import type { TestStore } from '../store.ts'

/** A bucket in Redis (lua/lib/buckets.lua). */
export interface Bucket {
  readonly momentMs: number
  /** The bucket's start in the order of pages. */
  readonly begins: number
  /** In hex. */
  readonly members: readonly string[]
}

/**
 * The buckets of a tenant's partition, oldest first. It checks their invariants: the index names exactly the
 * buckets that have a list, buckets do not overlap, index and count live as long as each bucket, and the
 * count is right.
 */
export async function readBuckets(it: TestStore, tenantId: string, partition = 0): Promise<Bucket[]> {
  const context = keyPrefix(tenantId, partition)
  const key = (suffix: string, name: Buffer = Buffer.alloc(0)) =>
    Buffer.concat([Buffer.from(context + suffix), name])
  const lives = await Promise.all(['index', 'live', 'open'].map((suffix) => it.redis.pttl(key(suffix))))
  const index = await it.redis.zrangeBuffer(key('index'), '0', '-1', 'WITHSCORES')
  const buckets: Bucket[] = []
  for (let at = 0; at < index.length; at += 2) {
    const name = index[at] as Buffer
    const members = await it.redis.lrangeBuffer(key('i:', name), 0, -1)
    expect(members.length).toBeGreaterThan(0)
    const ttlMs = await it.redis.pttl(key('i:', name))
    expect(ttlMs).toBeGreaterThan(0)
    for (const life of lives) expect(life).toBeGreaterThanOrEqual(ttlMs)
    const momentMs = name.readUIntBE(0, 6)
    const begins = Number(index[at + 1])
    expect(begins).toBeGreaterThanOrEqual(momentMs)
    buckets.push({ momentMs, begins, members: members.map((member) => member.toString('hex')) })
  }
  const lists = (await keysOf(it, `${context}i:*`)).length
  expect(lists, 'every list stands in the index').toBe(buckets.length)
  const members = buckets.flatMap((bucket) => bucket.members)
  expect(new Set(members).size, 'everybody stands in one bucket').toBe(members.length)
  expect(Number((await it.redis.get(key('live'))) ?? 0), 'the count is exact').toBe(members.length)
  return buckets
}

let people = 0

/** A thousand commands at once could time out on a busy machine. */
const AT_ONCE = 50

/**
 * Registers `many` new people, `everyMs` of the clock apart, or all in the same ms. Answers them newest
 * first.
 */
export async function registerMany(
  it: TestStore,
  tenant: Tenant,
  { count, everyMs, expiresInSeconds = 600 }: { count: number; everyMs: number; expiresInSeconds?: number },
): Promise<Registered[]> {
  const registerOne = () => {
    people += 1
    return register(it.store, tenant, { email: `p${people}@example.com`, expiresInSeconds })
  }
  if (everyMs === 0) return inSlices(Array.from({ length: count }), AT_ONCE, registerOne)
  const made: Registered[] = []
  for (let i = 0; i < count; i++) {
    if (i > 0) it.clock.ms += everyMs
    made.unshift(await registerOne())
  }
  return made
}

export const idsOf = (made: readonly Registered[]): string[] => made.map(({ identityId }) => identityId)

/** The member in an identity's id, in hex. Only for a single Redis. */
export function memberOf(identityId: string): string {
  return (
    parseIdentityId({ partitions: 1, partitionKey: Buffer.alloc(0) }, identityId)?.member.toString('hex') ??
    ''
  )
}

/** Reads all pages. `between` runs after each of them. */
export async function readPages(
  it: TestStore,
  tenantIds: readonly string[],
  first: number,
  between: (seen: readonly string[]) => Promise<void> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  let after: string | undefined
  for (;;) {
    const page = await it.store.identities.list({ tenantIds, first, after })
    seen.push(...page.items.map(({ identity }) => identity.id))
    expect(new Set(seen).size, 'nobody is listed twice').toBe(seen.length)
    if (!page.hasNextPage) return seen
    after = page.endCursor ?? undefined
    await between(seen)
  }
}

async function keysOf({ redis }: TestStore, pattern: string): Promise<Buffer[]> {
  const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis]
  return (await Promise.all(nodes.map((node) => node.keysBuffer(pattern)))).flat()
}
