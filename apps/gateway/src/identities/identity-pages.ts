import type { Identity, IdentityListQuery } from '@emailauth/contracts/identities'
import { type DeliveryState, deliveryState } from '../services/mailer/delivery-state.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { IdentityConnection } from './identity.types.ts'

export interface PageQuery extends IdentityListQuery {
  readonly delivery?: DeliveryState
}

type Edge = { readonly cursor: string; readonly identity: Identity }

interface Counts {
  totalCount: number
  scannedCount?: number | undefined
}

// With a filter by delivery, one page needs several of persistence. This is the size of each.
const FILTERED_PAGE = 200
const FILTERED_PAGES = 2

/**
 * One page of identities, newest first. With `delivery`, at most 400 identities are read for a page, so it
 * may be short although more follow (`hasNextPage`).
 */
export async function identityPage(
  { delivery, ...query }: PageQuery,
  persistence: Pick<Persistence, 'identities'>,
  mailer: Pick<Mailer, 'message'>,
): Promise<IdentityConnection> {
  if (delivery === undefined) {
    const page = await persistence.identities(query)
    const { items, endCursor, hasNextPage, ...counts } = page
    return connection(items, { endCursor: endCursor ?? undefined, hasNextPage, after: query.after }, counts)
  }
  const edges: Edge[] = []
  let { after } = query
  const counts: Counts = { totalCount: 0 }
  for (let pages = 1; ; pages++) {
    const page = await persistence.identities({
      ...query,
      first: FILTERED_PAGE,
      ...(after === undefined ? {} : { after }),
    })
    counts.totalCount = page.totalCount
    counts.scannedCount = (counts.scannedCount ?? 0) + (page.scannedCount ?? page.items.length)
    const messages = await Promise.all(page.items.map(({ identity }) => mailer.message(identity.id)))
    for (const [index, edge] of page.items.entries()) {
      if (deliveryState(messages[index]?.state) === delivery) edges.push(edge)
      if (edges.length < query.first) continue
      const isLast = index === page.items.length - 1
      const hasNextPage = page.hasNextPage || !isLast
      return connection(edges, { endCursor: edge.cursor, hasNextPage, after: query.after }, counts)
    }
    after = page.endCursor ?? after
    if (!page.hasNextPage || pages === FILTERED_PAGES) {
      const { hasNextPage } = page
      return connection(edges, { endCursor: after, hasNextPage, after: query.after }, counts)
    }
  }
}

interface Bounds {
  readonly endCursor: string | undefined
  readonly hasNextPage: boolean
  /** Where the query began. */
  readonly after: string | undefined
}

function connection(
  items: readonly Edge[],
  { endCursor, hasNextPage, after }: Bounds,
  { totalCount, scannedCount }: Counts,
): IdentityConnection {
  const edges = items.map(({ cursor, identity }) => ({ cursor, node: identity }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: endCursor ?? null,
      hasNextPage,
      hasPreviousPage: after !== undefined,
    },
    totalCount,
    scannedCount: scannedCount ?? null,
  }
}
