import type { EmailauthClient } from '../client.ts'
import type { createFakeCalls } from './fake-calls.ts'
import type { createFakeEvents } from './fake-events.ts'
import type { createFakeStore, FakeIdentity } from './fake-store.ts'

interface FakeIdentitiesOptions {
  readonly tenant: { readonly id: string; readonly name: string }
  readonly store: Pick<ReturnType<typeof createFakeStore>, 'live' | 'find' | 'remove' | 'readAddress'>
  readonly feed: Pick<ReturnType<typeof createFakeEvents>, 'add'>
  readonly called: ReturnType<typeof createFakeCalls>['called']
}

/** The fake's list of live identities, newest first, and `revoke`. */
export function createFakeIdentities({ tenant, store, feed, called }: FakeIdentitiesOptions) {
  function shown({ id, email, createdAt, expiresAt }: FakeIdentity) {
    const at = new Date(createdAt).toISOString()
    const delivery = {
      state: 'SENT' as const,
      attempts: 1,
      reason: null,
      relay: null,
      updatedAt: at,
      nextAttemptAt: null,
    }
    return { id, tenant, email, createdAt: at, expiresAt: new Date(expiresAt).toISOString(), delivery }
  }

  const identities: EmailauthClient['identities'] = ({ first = 50, after, filter } = {}) =>
    called(() => {
      const live = store.live()
      const email = filter?.email ? store.readAddress(filter.email) : undefined
      const matching = live.filter((each) => {
        if (filter?.delivery && filter.delivery !== 'SENT') return false
        return !filter?.email || each.email.toLowerCase() === email?.toLowerCase()
      })
      const from = after === undefined ? 0 : matching.findIndex(({ id }) => id === after) + 1
      const nodes = matching.slice(from, from + first).map(shown)
      const pageInfo = { hasNextPage: from + first < matching.length, endCursor: nodes.at(-1)?.id ?? null }
      return { nodes, pageInfo, totalCount: live.length }
    })

  return {
    identities,
    async *identityPages(page = {}) {
      for (let after = page.after; ; ) {
        const answer = await identities({ ...page, after })
        yield answer
        if (!answer.pageInfo.hasNextPage) return
        after = answer.pageInfo.endCursor ?? undefined
      }
    },
    identity: (id) =>
      called(() => {
        const found = store.find(id)
        return found === undefined ? null : shown(found)
      }),
    revoke: (identityId) =>
      called(() => {
        const existed = store.remove(identityId)
        if (existed) feed.add('REVOKED', { identityId })
        return existed
      }),
  } satisfies Partial<EmailauthClient>
}
