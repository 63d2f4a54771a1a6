/** Then somebody must ask for more, because each page costs the services work. */
const PAGES_IN_A_ROW = 20

interface Page {
  readonly nodes: readonly unknown[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined }
}

/**
 * The first page with rows. A page of a filtered list may be empty although more entries match. Gives up
 * with an empty page, from which the list can go on later.
 * @param after the cursor to begin behind. Undefined: at the beginning
 */
export async function pageWithRows<Found extends Page>(
  ask: (after: string | undefined) => Promise<Found>,
  after: string | undefined,
): Promise<Found> {
  let page = await ask(after)
  for (let asked = 1; asked < PAGES_IN_A_ROW; asked++) {
    const { nodes, pageInfo } = page
    if (nodes.length > 0 || !pageInfo.hasNextPage) break
    page = await ask(pageInfo.endCursor ?? undefined)
  }
  return page
}
