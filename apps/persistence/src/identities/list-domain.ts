import type { IdentityPage } from '@emailauth/contracts/identities'
import { inSlices } from '@emailauth/service/timing/in-slices'
import type { StoreContext } from '../store/partition.ts'
import { OPENED_AT_ONCE, openEntry } from './open-entry.ts'
import { compare, type Position, toCursor } from './page-position.ts'
import type { ReadEntries } from './read-entries.ts'

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
  for (let step = 0; step < MOST_STEPS; step++) {
    const { entries, stop, totalCount: live } = await read(tenantIds, STEP, at)
    totalCount = live
    for (let from = 0; from < entries.length; from += OPENED_AT_ONCE) {
      const slice = entries.slice(from, from + OPENED_AT_ONCE)
      const opened = await inSlices(slice, OPENED_AT_ONCE, (entry) => ({
        entry,
        identity: openEntry(context, entry),
      }))
      for (const { entry, identity } of opened) {
        if (oldest !== undefined && compare(entry, oldest) > 0) return page(false)
        scannedCount++
        at = entry
        if (domainOf(identity.email) !== domain) continue
        items.push({ cursor: toCursor(entry), identity })
        if (items.length === first) return page(true)
      }
    }
    if (stop === undefined || (oldest !== undefined && compare(stop, oldest) > 0)) return page(false)
    at = stop
    if (scannedCount >= SCANNED_MOST) break
  }
  return page(true)
}

/** The domain of a valid address. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
