import type { Call } from './call.ts'
import type { DeliveryState } from './registration.ts'

/** What waits for its number: neither number nor token. */
export interface Identity {
  readonly id: string
  readonly tenant: { readonly id: string; readonly name: string }
  readonly email: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
  readonly delivery: Delivery
}

/** How the mail of an identity fares. */
export interface Delivery {
  readonly state: DeliveryState
  readonly attempts: number
  /** Why it waits or failed, as the SMTP server said it. */
  readonly reason: string | null
  readonly updatedAt: string | null
  readonly nextAttemptAt: string | null
}

export interface IdentityFilter {
  /** Admin keys only: one tenant instead of all. */
  readonly tenantId?: string | undefined
  /** Exactly this address, normalised as at registration. */
  readonly email?: string | undefined
  readonly delivery?: DeliveryState | undefined
}

export interface IdentityPageOptions {
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
  readonly filter?: IdentityFilter | undefined
}

export interface IdentityPage {
  readonly nodes: readonly Identity[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly totalCount: number
}

const FIELDS = `id tenant { id name } email createdAt expiresAt
  delivery { state attempts reason updatedAt nextAttemptAt }`

export const IDENTITIES = `query Identities($first: Int! = 50, $after: String, $filter: IdentityFilter) {
  identities(first: $first, after: $after, filter: $filter) {
    nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } totalCount
  }
}`
export const IDENTITY = `query Identity($id: ID!) { identity(id: $id) { ${FIELDS} } }`
export const REVOKE_IDENTITY = 'mutation RevokeIdentity($id: ID!) { revokeIdentity(id: $id) }'

export function identityCalls(call: Call) {
  const identities = (options: IdentityPageOptions = {}) =>
    call.once<IdentityPage>('identities', IDENTITIES, { ...options })

  return {
    identities,
    async *identityPages(options: IdentityPageOptions = {}): AsyncGenerator<IdentityPage, void, undefined> {
      let after = options.after
      for (;;) {
        const page = await identities({ ...options, after })
        yield page
        const { hasNextPage, endCursor } = page.pageInfo
        // A cursor that does not move would ask for the same page for ever.
        if (!hasNextPage || endCursor === null || endCursor === after) return
        after = endCursor
      }
    },
    identity: (id: string) => call.once<Identity | null>('identity', IDENTITY, { id }),
    revoke: (id: string) => call.once<boolean>('revokeIdentity', REVOKE_IDENTITY, { id }),
  }
}
