import type { IdentityPage } from '@emailauth/contracts/identities'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { readAddress } from '../addresses/address.ts'
import type { FindIdentity, LocatedIdentity } from '../store/find-identity.ts'
import { toIdentityId } from '../store/identity-id.ts'
import type { StoreContext } from '../store/partition.ts'
import { domainOf, listDomain } from './list-domain.ts'
import { OPENED_AT_ONCE, openEntry, toIdentity } from './open-entry.ts'
import { compare, earlier, type Position, readCursor, startOf, toCursor } from './page-position.ts'
import { createReadEntries, type Stretch } from './read-entries.ts'

export interface ListOptions {
  /** The identities of several tenants are merged into one order. */
  readonly tenantIds: readonly string[]
  /** Only this address. */
  readonly email?: string | undefined
  /** Only addresses at this domain. */
  readonly domain?: string | undefined
  readonly first: number
  readonly after?: string | undefined
  /** Only identities registered at this moment or later. */
  readonly from?: string | undefined
  /** Only identities registered before this moment. */
  readonly to?: string | undefined
}

/** One page of live identities, newest first. Pages never skip or repeat an identity that stays live. */
export type ListIdentities = (options: ListOptions) => Promise<IdentityPage>

/** Tenants that are asked for an address before other calls get a turn. */
const TENANTS_AT_ONCE = 16

export function createListIdentities(context: StoreContext, find: FindIdentity): ListIdentities {
  const read = createReadEntries(context)
  return async ({ tenantIds, email, domain: asked, first, after, from, to }) => {
    const given = after === undefined ? undefined : readCursor(after)
    const position = earlier(given, to === undefined ? undefined : startOf(to))
    const oldest = from === undefined ? undefined : startOf(from)
    const domain = asked === undefined ? undefined : readDomain(asked)
    if (email !== undefined)
      return byEmail(context, find, { tenantIds, email, first, position, oldest, domain })
    if (domain !== undefined) return listDomain(context, read, { tenantIds, domain, first, position, oldest })
    return toPage(context, await read(tenantIds, first + 1, position), { first, oldest })
  }
}

/** @throws {ProblemError} when no address can have it */
function readDomain(given: string): string {
  const address = readAddress(`x@${given.trim().replace(/^@/, '')}`)
  if ('fault' in address) {
    throw new ProblemError('bad-input', 'This is not the domain of an address.', { field: 'domain' })
  }
  return domainOf(address.email)
}

interface PageBounds {
  readonly first: number
  /** Identities behind it are too old. */
  readonly oldest: Position | undefined
}

interface EmailPage extends PageBounds {
  readonly tenantIds: readonly string[]
  readonly email: string
  readonly position: Position | undefined
  readonly domain: string | undefined
}

async function byEmail(
  context: StoreContext,
  find: FindIdentity,
  { tenantIds, email, first, position, oldest, domain }: EmailPage,
): Promise<IdentityPage> {
  const found = await inSlices(tenantIds, TENANTS_AT_ONCE, (tenantId) => find.byEmail(tenantId, email))
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
    .filter(({ identity }) => domain === undefined || domainOf(identity.email) === domain)
  const items = rest.slice(0, first).map(({ identity, ...at }) => ({ cursor: toCursor(at), identity }))
  const endCursor = items.at(-1)?.cursor ?? null
  return { items, hasNextPage: rest.length > first, endCursor, totalCount: entries.length }
}

async function toPage(
  context: StoreContext,
  { entries, stop: lastRead, totalCount }: Stretch,
  { first, oldest }: PageBounds,
): Promise<IdentityPage> {
  // Everything in the range was read once the stop lies behind it.
  const isBehind = oldest !== undefined && lastRead !== undefined && compare(lastRead, oldest) > 0
  const stop = isBehind ? oldest : lastRead
  const within = oldest === undefined ? entries : entries.filter((entry) => compare(entry, oldest) <= 0)
  const items = await inSlices(within.slice(0, first), OPENED_AT_ONCE, (entry) => ({
    cursor: toCursor(entry),
    identity: openEntry(context, entry),
  }))
  const isFull = within.length > first
  const mayFollow = stop !== undefined && !isBehind
  const endCursor = isFull || !mayFollow ? (items.at(-1)?.cursor ?? null) : toCursor(stop)
  return { items, hasNextPage: isFull || mayFollow, endCursor, totalCount }
}
