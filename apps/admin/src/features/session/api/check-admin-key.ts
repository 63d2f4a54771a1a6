import { ViewerDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import type { GraphqlClient } from '../../../lib/graphql/graphql-client.ts'
import { bearer } from '../session.ts'

export type KeyCheck =
  | { readonly outcome: 'admin' | 'tenant-key' | 'unknown-key' }
  | { readonly outcome: 'failed'; readonly failure: Failure }

// A header holds visible ASCII only. Other text is no key and needs no request.
const SENDABLE = /^[\x21-\x7e]{1,256}$/

/** Asks the gateway whose key this is. */
export async function checkAdminKey(client: GraphqlClient, key: string): Promise<KeyCheck> {
  if (!SENDABLE.test(key)) return { outcome: 'unknown-key' }
  try {
    const { viewer } = await client.as(bearer(key)).ask(ViewerDocument)
    return { outcome: viewer.scope === 'TENANT' ? 'tenant-key' : 'admin' }
  } catch (error) {
    const failure = toFailure(error)
    return failure.kind === 'unauthenticated' ? { outcome: 'unknown-key' } : { outcome: 'failed', failure }
  }
}
