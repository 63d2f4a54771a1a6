import type { Identity, IdentityPage } from '@emailauth/contracts/identities'
import { inSlices } from '@emailauth/service/in-slices'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FindIdentity, LocatedIdentity } from '../store/find-identity.ts'
import { toIdentityId } from '../store/identity-id.ts'
import { type IdentityRecord, MEMBER_BYTES, openRecord } from '../store/identity-record.ts'
import { runQuery, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

export interface ListOptions {
  /** The identities of several tenants are merged into one order. */
  readonly tenantIds: readonly string[]
  /** Only this address. */
  readonly email?: string | undefined
  readonly first: number
  readonly after?: string | undefined
  /** Only identities registered at this moment or later. */
  readonly from?: string | undefined
  /** Only identities registered before this moment. */
  readonly to?: string | undefined
}

/** One page of live identities, newest first. Pages never skip or repeat an identity that stays live. */
export type ListIdentities = (options: ListOptions) => Promise<IdentityPage>

/**
 * Pages sort by score, then by member, both descending. The score is max(createdAt, bucket start):
 * lib/buckets.lua.
 */
interface Position {
  readonly score: number
  readonly member: Buffer
}

/** An identity, still sealed, because most of those that are read for several tenants are not on the page. */
interface Entry extends Position {
  readonly tenantId: string
  readonly partition: number
  readonly record: Buffer
}

/**
 * Bounded steps over a partition for one page. With more expired entries than they cover the page is short,
 * and its `endCursor` continues.
 */
const MOST_STEPS = 4
/** Partitions that are read, and records that are opened, before other calls get a turn. */
const PARTITIONS_AT_ONCE = 16
const OPENED_AT_ONCE = 25
/**
 * With more partitions than this it reads fewer entries of each, so that 1,000 tenants cost about as much as
 * 64.
 */
const WHOLE_PAGES = 64
const LEAST_OF_ONE = 4

export function createListIdentities(context: StoreContext, find: FindIdentity): ListIdentities {
  return async ({ tenantIds, email, first, after, from, to }) => {
    const given = after === undefined ? undefined : readCursor(after)
    const position = earlier(given, to === undefined ? undefined : startOf(to))
    const oldest = from === undefined ? undefined : startOf(from)
    if (email !== undefined) return byEmail(context, find, tenantIds, email, { first, position, oldest })
    const locations = tenantIds.flatMap((tenantId) =>
      partitionNumbers(context.partitions).map((partition) => ({ tenantId, partition })),
    )
    const share = Math.ceil(((first + 1) * WHOLE_PAGES) / locations.length)
    const want = Math.min(first + 1, Math.max(LEAST_OF_ONE, share))
    const parts = await inSlices(locations, PARTITIONS_AT_ONCE, ({ tenantId, partition }) =>
      listPartition(context, tenantId, partition, { want, isWholePage: want > first }, position),
    )
    const stops = parts.flatMap(({ stoppedAt }) => stoppedAt ?? []).sort(compare)
    const entries = parts.flatMap((part) => part.entries).sort(compare)
    const totalCount = parts.reduce((sum, part) => sum + part.live, 0)
    return toPage(context, entries, { first, totalCount, oldest }, stops[0])
  }
}

interface PageBounds {
  readonly first: number
  readonly totalCount: number
  /** Identities behind it are too old. */
  readonly oldest: Position | undefined
}

interface EmailPage extends Omit<PageBounds, 'totalCount'> {
  readonly position: Position | undefined
}

async function byEmail(
  context: StoreContext,
  find: FindIdentity,
  tenantIds: readonly string[],
  email: string,
  { first, position, oldest }: EmailPage,
): Promise<IdentityPage> {
  const found = await inSlices(tenantIds, PARTITIONS_AT_ONCE, (tenantId) => find.byEmail(tenantId, email))
  const entries = found
    .filter((one) => one !== undefined)
    .map(({ location, record }: LocatedIdentity) => ({
      score: record.createdAtMs,
      member: location.member,
      identity: toIdentity(toIdentityId(context, location), location.tenantId, record),
    }))
  const rest = entries
    .sort(compare)
    .filter((entry) => position === undefined || compare(entry, position) > 0)
    .filter((entry) => oldest === undefined || compare(entry, oldest) <= 0)
  const items = rest.slice(0, first).map(({ identity, ...at }) => ({ cursor: toCursor(at), identity }))
  const endCursor = items.at(-1)?.cursor ?? null
  return { items, hasNextPage: rest.length > first, endCursor, totalCount: entries.length }
}

async function listPartition(
  context: StoreContext,
  tenantId: string,
  partition: number,
  { want, isWholePage }: { readonly want: number; readonly isWholePage: boolean },
  from: Position | undefined,
): Promise<{ live: number; entries: Entry[]; stoppedAt?: Position }> {
  const entries: Entry[] = []
  let live = 0
  let after: [string | number, string | Buffer] = from === undefined ? ['', ''] : [from.score, from.member]
  for (let step = 0; step < MOST_STEPS; step++) {
    const args = [want - entries.length, ...after]
    const [count, nextScore, nextMember, ...found] = await runQuery(
      context,
      scripts.list,
      { tenantId, partition },
      args,
    )
    live = count
    for (let at = 0; at + 2 < found.length; at += 3) {
      const [score, member, record] = found.slice(at, at + 3) as [Buffer, Buffer, Buffer]
      entries.push({ score: Number(score), member, tenantId, partition, record })
    }
    if (nextMember.length === 0) {
      // It asked for less than a page, so more entries may follow the last one.
      const last = isWholePage || entries.length < want ? undefined : entries.at(-1)
      return { live, entries, ...(last === undefined ? {} : { stoppedAt: last }) }
    }
    after = [nextScore.toString(), nextMember]
  }
  const [score, member] = after
  return { live, entries, stoppedAt: { score: Number(score), member: Buffer.from(member) } }
}

/**
 * @param lastRead all partitions were read up to this position, so later entries must wait. undefined: to
 * the end.
 */
async function toPage(
  context: StoreContext,
  entries: readonly Entry[],
  { first, totalCount, oldest }: PageBounds,
  lastRead?: Position,
): Promise<IdentityPage> {
  // Everything in the range was read once a stop lies behind it.
  const isBehind = oldest !== undefined && lastRead !== undefined && compare(lastRead, oldest) > 0
  const stop = isBehind ? oldest : lastRead
  const within = oldest === undefined ? entries : entries.filter((entry) => compare(entry, oldest) <= 0)
  const certain = stop === undefined ? within : within.filter((entry) => compare(entry, stop) <= 0)
  const items = await inSlices(certain.slice(0, first), OPENED_AT_ONCE, (entry) => ({
    cursor: toCursor(entry),
    identity: openEntry(context, entry),
  }))
  const isFull = certain.length > first
  const mayFollow = stop !== undefined && !isBehind
  const endCursor = isFull || !mayFollow ? (items.at(-1)?.cursor ?? null) : toCursor(stop)
  return { items, hasNextPage: isFull || mayFollow, endCursor, totalCount }
}

function openEntry(context: StoreContext, { tenantId, partition, member, record }: Entry): Identity {
  const id = toIdentityId(context, { tenantId, partition, member })
  return toIdentity(id, tenantId, openRecord(context.ring, tenantId, member, record))
}

/** The part of a record that admins see. */
export function toIdentity(
  id: string,
  tenantId: string,
  { email, createdAtMs, expiresAtMs }: IdentityRecord,
): Identity {
  return {
    id,
    tenantId,
    email,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  }
}

/** The position behind every identity of this moment or later, and before all earlier ones. */
function startOf(moment: string): Position {
  return { score: Date.parse(moment), member: Buffer.alloc(MEMBER_BYTES) }
}

/** Of two positions the one that comes later in the order of pages. */
function earlier(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return compare(a, b) > 0 ? a : b
}

function compare(a: Position, b: Position): number {
  return b.score - a.score || Buffer.compare(b.member, a.member)
}

function toCursor({ score, member }: Position): string {
  const moment = Buffer.alloc(8)
  moment.writeDoubleBE(score)
  return Buffer.concat([moment, member]).toString('base64url')
}

function readCursor(cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url')
  const score = bytes.length === 8 + MEMBER_BYTES ? bytes.readDoubleBE() : Number.NaN
  if (!Number.isFinite(score)) {
    throw new ProblemError('bad-input', 'This cursor was not given out here; begin without "after".', {
      field: 'after',
    })
  }
  return { score, member: bytes.subarray(8) }
}

function partitionNumbers(partitions: number): number[] {
  return Array.from({ length: partitions }, (_, partition) => partition)
}
