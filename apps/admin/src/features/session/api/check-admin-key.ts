import type { ApolloClient } from '@apollo/client'
import { ViewerDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { bearer } from '../session.ts'

export type KeyCheck =
  | { readonly outcome: 'admin' | 'tenant-key' | 'unknown-key' }
  | { readonly outcome: 'failed'; readonly failure: Failure }

// A header holds visible ASCII only. Other text is no key and needs no request.
const SENDABLE = /^[\x21-\x7e]{1,256}$/

/** Asks the gateway whose key this is. */
export async function checkAdminKey(client: ApolloClient, key: string): Promise<KeyCheck> {
  if (!SENDABLE.test(key)) return { outcome: 'unknown-key' }
  try {
    const { data } = await client.query({
      query: ViewerDocument,
      fetchPolicy: 'no-cache',
      context: { headers: { authorization: bearer(key) } },
    })
    return { outcome: data?.viewer.scope === 'ADMIN' ? 'admin' : 'tenant-key' }
  } catch (error) {
    const failure = toFailure(error)
    return failure.kind === 'unauthenticated' ? { outcome: 'unknown-key' } : { outcome: 'failed', failure }
  }
}
