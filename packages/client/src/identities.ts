import type { Call, RequestOptions } from './call.ts'
import { IDENTITIES, IDENTITY, REVOKE_IDENTITY } from './generated/documents.ts'
import type { Identity, IdentityPage } from './generated/objects.ts'
import type { IdentityFilter } from './generated/operations.ts'

export interface IdentityPageOptions {
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
  readonly filter?: IdentityFilter | undefined
}

export function identityCalls(call: Call) {
  const identities = (page: IdentityPageOptions = {}, options?: RequestOptions) =>
    call.read<IdentityPage>('identities', IDENTITIES, { ...page }, options)

  return {
    identities,
    async *identityPages(
      options: IdentityPageOptions = {},
      request?: RequestOptions,
    ): AsyncGenerator<IdentityPage, void, undefined> {
      let after = options.after
      for (;;) {
        const page = await identities({ ...options, after }, request)
        yield page
        const { hasNextPage, endCursor } = page.pageInfo
        // A cursor that does not move would ask for the same page for ever.
        if (!hasNextPage || endCursor === null || endCursor === after) return
        after = endCursor
      }
    },
    identity: (id: string, options?: RequestOptions) =>
      call.read<Identity | null>('identity', IDENTITY, { id }, options),
    revoke: (id: string, options?: RequestOptions) =>
      call.once<boolean>('revokeIdentity', REVOKE_IDENTITY, { id }, options),
  }
}
