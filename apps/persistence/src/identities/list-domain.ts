import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IdentityPage } from '@emailauth/contracts/identities'
import type { StoreContext } from '../store/partition.ts'
import { OPENED_AT_ONCE, openEntry } from './open-entry.ts'
import { compare, type Position, toCursor } from './page-position.ts'
import type { Entry, ReadEntries } from './read-entries.ts'

/** Identities in one step of a scan, and in all steps for one page. */
const STEP = 500
const SCANNED_MOST = 5000
/** Steps may find few entries where many have expired. */
const MOST_STEPS = 30

interface DomainPage {
  readonly tenantIds: readonly string[]
  /** In lower case and punycode. */
  readonly domain: string
  readonly first: number
  readonly position: Position | undefined
  /** Identities behind it are too old. */
  readonly oldest: Position | undefined
}

/**
 * Identities of one domain, newest first. No index knows domains (decision 30), so it opens up to
 * {@link SCANNED_MOST} identities for a page. The page may be short or empty although more follow.
 */
export async function listDomain(
  context: StoreContext,
  read: ReadEntries,
  { tenantIds, domain, first, position, oldest }: DomainPage,
): Promise<IdentityPage> {
  const items: IdentityPage['items'] = []
  let at = position
  let [scannedCount, totalCount] = [0, 0]
  const page = (hasNextPage: boolean): IdentityPage => {
    const endCursor = hasNextPage && at !== undefined ? toCursor(at) : (items.at(-1)?.cursor ?? null)
    return { items, hasNextPage, endCursor, totalCount, scannedCount }
  }
  const isTooOld = (place: Position) => oldest !== undefined && compare(place, oldest) > 0
  for (let step = 0; step < MOST_STEPS && scannedCount < SCANNED_MOST; step++) {
    const { entries, stop, totalCount: live } = await read(tenantIds, STEP, at)
    totalCount = live
    for await (const { entry, identity } of openEach(context, entries)) {
      if (isTooOld(entry)) return page(false)
      scannedCount++
      at = entry
      if (domainOf(identity.email) !== domain) continue
      items.push({ cursor: toCursor(entry), identity })
      if (items.length === first) return page(true)
    }
    if (stop === undefined || isTooOld(stop)) return page(false)
    at = stop
  }
  return page(true)
}

/** Opens one entry after the other, until the page has enough. Other calls get a turn in between. */
async function* openEach(context: StoreContext, entries: readonly Entry[]) {
  for (const [at, entry] of entries.entries()) {
    if (at > 0 && at % OPENED_AT_ONCE === 0) await nextTurn()
    yield { entry, identity: openEntry(context, entry) }
  }
}

/** The domain of a valid address. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
