import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { ErrorLink } from '@apollo/client/link/error'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import type { Clock } from './clock.ts'
import { toFailure } from './failure.ts'

export interface GraphqlClientOptions {
  readonly clock: Clock
  /** The session's `Authorization` header. Absent when signed out. */
  readonly authorization: () => string | undefined
  /** Called when the gateway refuses this `Authorization` header. */
  readonly onRefused: (authorization: string | undefined) => void
}

const TIMEOUT_MS = 10_000

/** A client of the gateway's `/graphql` on the same origin. A call may set its own `Authorization` header. */
export function createGraphqlClient({ clock, authorization, onRefused }: GraphqlClientOptions): ApolloClient {
  const addAuthorization = new SetContextLink(({ headers }) => {
    const header = authorization()
    // Without the header the browser's cookie authenticates.
    return { headers: { ...(header === undefined ? {} : { authorization: header }), ...headers } }
  })
  const watchRefusals = new ErrorLink(({ error, operation }) => {
    if (toFailure(error).kind === 'unauthenticated') onRefused(operation.getContext().headers?.authorization)
  })
  // A document whose digest the gateway does not know is sent in full.
  const nameDocuments = new PersistedQueryLink({ generateHash: async (document) => digestOf(document) })
  const http = new HttpLink({ uri: '/graphql', fetch: createFetch(clock) })
  return new ApolloClient({
    link: ApolloLink.from([addAuthorization, watchRefusals, nameDocuments, http]),
    cache: new InMemoryCache(),
    devtools: { enabled: false },
  })
}

/** The digest that the build wrote into a document. */
function digestOf(document: object): string {
  const { hash } = (document as { __meta__?: { hash?: string } }).__meta__ ?? {}
  if (hash === undefined) throw new Error('This document was not made by the code generator.')
  return hash
}

/** `fetch` with a timeout. It also sets the clock from replies. */
function createFetch(clock: Clock): typeof fetch {
  return async (input, init) => {
    const giveUp = AbortSignal.timeout(TIMEOUT_MS)
    const signal = init?.signal ? AbortSignal.any([init.signal, giveUp]) : giveUp
    const sentMs = Date.now()
    const response = await fetch(input, { ...init, signal })
    clock.learn(Date.parse(response.headers.get('date') ?? ''), sentMs, Date.now())
    return response
  }
}
