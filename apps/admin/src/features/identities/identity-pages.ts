import type { IdentityPageQuery } from '../../generated/graphql.ts'
import { type IdentityList, toRow } from './identity-list.ts'

type Connection = IdentityPageQuery['identities']

/** Identities that were loaded page by page. */
export interface LoadedIdentities extends IdentityList {
  /** Identifies the filters of this list. */
  readonly question: string
  readonly endCursor: string | undefined
  /** Cursor from which to follow events. */
  readonly followAfter: string
  /** Identities that a search has read. Undefined: nothing is searched for. */
  readonly scanned: number | undefined
}

/** A list of one page. Events are followed from where the list before it followed them. */
export function firstPage(
  question: string,
  { identities, events }: IdentityPageQuery,
  before: LoadedIdentities | undefined,
): LoadedIdentities {
  return {
    question,
    rows: identities.nodes.map(toRow),
    newIds: new Set(),
    total: identities.totalCount,
    countedTo: events?.nodes[0]?.cursor ?? '0',
    endCursor: endCursorOf(identities),
    followAfter: before?.followAfter ?? events?.nodes.at(-1)?.cursor ?? '0',
    scanned: identities.scannedCount ?? undefined,
  }
}

/**
 * The list with its next page, without the identities that it held when that was asked for. A later page has
 * no newest event, so only the first one's count can be kept up to date.
 */
export function withPage(
  list: LoadedIdentities,
  held: ReadonlySet<string>,
  page: Connection,
): LoadedIdentities {
  return {
    ...list,
    rows: [...list.rows, ...page.nodes.filter(({ id }) => !held.has(id)).map(toRow)],
    endCursor: endCursorOf(page),
    scanned: page.scannedCount === null ? undefined : page.scannedCount + (list.scanned ?? 0),
  }
}

function endCursorOf({ pageInfo }: Connection): string | undefined {
  return pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined
}
