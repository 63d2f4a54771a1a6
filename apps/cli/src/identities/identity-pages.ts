import type { EmailauthClient, IdentityFilter, IdentityPage } from '@emailauth/client'

/**
 * The newest identities, as many as `first`. A search by domain reads a bounded number of identities a page,
 * so it goes on until it has found enough, or there are no more.
 */
export async function identitiesUpTo(
  client: Pick<EmailauthClient, 'identities'>,
  first: number,
  filter: IdentityFilter,
): Promise<IdentityPage> {
  let page = await client.identities({ first, filter })
  const nodes = [...page.nodes]
  for (;;) {
    const { hasNextPage, endCursor } = page.pageInfo
    if (!hasNextPage || endCursor === null || nodes.length >= first) return { ...page, nodes }
    page = await client.identities({ first: first - nodes.length, after: endCursor, filter })
    nodes.push(...page.nodes)
    // A cursor that does not move would ask for the same page for ever.
    if (page.pageInfo.endCursor === endCursor) return { ...page, nodes }
  }
}
