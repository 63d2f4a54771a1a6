import type { Identity, IdentityPage } from '@emailauth/contracts/identities'
import { ProblemError } from '@emailauth/service/problem-error'
import { toIdentityId } from '../store/identity-id.ts'
import { type IdentityRecord, MEMBER_BYTES, openRecord } from '../store/identity-record.ts'
import { runQuery, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import type { FindIdentity, LocatedIdentity } from './find.ts'

export interface ListOptions {
  /** Whose identities; several tenants' are merged into one order. */
  readonly tenantIds: readonly string[]
  /** Exactly this address. */
  readonly email?: string | undefined
  readonly first: number
  readonly after?: string | undefined
}

/** One page of live identities, newest first. A page never skips or repeats an identity that lives through the paging. */
export type ListIdentities = (options: ListOptions) => Promise<IdentityPage>

/** A score in the order, both descending: that of createdAt, but where Redis's clock went back (lua/buckets.lua); then the member. */
interface Position {
  readonly score: number
  readonly member: Buffer
}

interface Entry extends Position {
  readonly identity: Identity
}

/**
 * A partition is read in so many bounded steps for one page. Where it holds more dead entries than that, the page is short, and its `endCursor` goes on.
 */
const MOST_STEPS = 4

export function createListIdentities(context: StoreContext, find: FindIdentity): ListIdentities {
  return async ({ tenantIds, email, first, after }) => {
    const position = after === undefined ? undefined : readCursor(after)
    if (email !== undefined) return byEmail(context, find, tenantIds, email, first, position)
    const spaces = tenantIds.flatMap((tenantId) =>
      partitionNumbers(context.partitions).map((partition) => ({ tenantId, partition })),
    )
    const parts = await Promise.all(
      spaces.map(({ tenantId, partition }) =>
        listPartition(context, tenantId, partition, first + 1, position),
      ),
    )
    const stops = parts.flatMap(({ stoppedAt }) => stoppedAt ?? []).sort(compare)
    const entries = parts.flatMap((part) => part.entries).sort(compare)
    const totalCount = parts.reduce((sum, part) => sum + part.live, 0)
    return toPage(entries, first, totalCount, stops[0])
  }
}

async function byEmail(
  context: StoreContext,
  find: FindIdentity,
  tenantIds: readonly string[],
  email: string,
  first: number,
  position: Position | undefined,
): Promise<IdentityPage> {
  const found = await Promise.all(tenantIds.map((tenantId) => find.byEmail(tenantId, email)))
  const entries = found
    .filter((one) => one !== undefined)
    .map(({ location, record }: LocatedIdentity) => ({
      score: record.createdAtMs,
      member: location.member,
      identity: toIdentity(toIdentityId(context, location), location.tenantId, record),
    }))
  const rest = entries.sort(compare).filter((entry) => position === undefined || compare(entry, position) > 0)
  return toPage(rest, first, entries.length)
}

async function listPartition(
  context: StoreContext,
  tenantId: string,
  partition: number,
  want: number,
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
      const identity = toIdentity(
        toIdentityId(context, { tenantId, partition, member }),
        tenantId,
        openRecord(context.ring, tenantId, member, record),
      )
      entries.push({ score: Number(score), member, identity })
    }
    if (nextMember.length === 0) return { live, entries }
    after = [nextScore.toString(), nextMember]
  }
  const [score, member] = after
  return { live, entries, stoppedAt: { score: Number(score), member: Buffer.from(member) } }
}

/** @param stop up to where all partitions were read; what is beyond it may have others before it. undefined: to the end. */
function toPage(entries: readonly Entry[], first: number, totalCount: number, stop?: Position): IdentityPage {
  const certain = stop === undefined ? entries : entries.filter((entry) => compare(entry, stop) <= 0)
  const items = certain
    .slice(0, first)
    .map((entry) => ({ cursor: toCursor(entry), identity: entry.identity }))
  const isFull = certain.length > first
  const endCursor = isFull || stop === undefined ? (items.at(-1)?.cursor ?? null) : toCursor(stop)
  return { items, hasNextPage: isFull || stop !== undefined, endCursor, totalCount }
}

/** What admins see of a record. */
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
