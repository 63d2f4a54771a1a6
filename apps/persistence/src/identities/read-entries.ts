import { inSlices } from '@emailauth/service/timing/in-slices'
import { type Partition, runQuery, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { compare, type Position } from './page-position.ts'

/** An identity, still sealed, because most of those that are read for several tenants are not on the page. */
export interface Entry extends Position {
  readonly tenantId: string
  readonly partition: number
  readonly record: Buffer
}

/** A stretch of the order of pages. */
export interface Stretch {
  /** In order. Live when they were read. */
  readonly entries: readonly Entry[]
  /** Everything up to here was read. Absent: everything to the end. */
  readonly stop: Position | undefined
  /** Live identities of the given tenants. */
  readonly totalCount: number
}

/** Reads about `want` identities behind a position. It may be fewer although more follow: see `stop`. */
export type ReadEntries = (
  tenantIds: readonly string[],
  want: number,
  from: Position | undefined,
) => Promise<Stretch>

/**
 * Bounded steps over a partition. With more expired entries than they cover the stretch is short, and its
 * `stop` continues.
 */
const MOST_STEPS = 4
/** Partitions that are read before other calls get a turn. */
const PARTITIONS_AT_ONCE = 16
/**
 * With more partitions than this it reads fewer entries of each, so that 1,000 tenants cost about as much as
 * 64.
 */
const WHOLE_PAGES = 64
const LEAST_OF_ONE = 4

export function createReadEntries(context: StoreContext): ReadEntries {
  return async (tenantIds, want, from) => {
    const locations = tenantIds.flatMap((tenantId) =>
      Array.from({ length: context.partitions }, (_, partition) => ({ tenantId, partition })),
    )
    const share = Math.ceil((want * WHOLE_PAGES) / locations.length)
    const ofOne = Math.min(want, Math.max(LEAST_OF_ONE, share))
    const parts = await inSlices(locations, PARTITIONS_AT_ONCE, (at) =>
      readPartition(context, at, ofOne, from),
    )
    const entries = parts.flatMap((part) => part.entries).sort(compare)
    const stop = parts.flatMap(({ stoppedAt }) => stoppedAt ?? []).sort(compare)[0]
    const totalCount = parts.reduce((sum, part) => sum + part.live, 0)
    const certain = stop === undefined ? entries : entries.filter((entry) => compare(entry, stop) <= 0)
    return { entries: certain, stop, totalCount }
  }
}

async function readPartition(
  context: StoreContext,
  { tenantId, partition }: Partition,
  want: number,
  from: Position | undefined,
): Promise<{ live: number; entries: Entry[]; stoppedAt?: Position }> {
  const entries: Entry[] = []
  let live = 0
  let after: { score: string | number; member: string | Buffer } = from ?? { score: '', member: '' }
  for (let step = 0; step < MOST_STEPS; step++) {
    const args = { many: want - entries.length, afterScore: after.score, afterMember: after.member }
    const found = await runQuery(context, scripts.list, { tenantId, partition }, args)
    live = found.live
    for (const entry of found.entries) entries.push({ ...entry, tenantId, partition })
    if (found.next === undefined) {
      // No more than this was asked for, so more entries may follow the last one.
      const last = entries.length < want ? undefined : entries.at(-1)
      return { live, entries, ...(last === undefined ? {} : { stoppedAt: last }) }
    }
    after = found.next
  }
  return { live, entries, stoppedAt: { score: Number(after.score), member: Buffer.from(after.member) } }
}
