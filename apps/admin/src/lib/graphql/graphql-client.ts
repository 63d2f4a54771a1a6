import type { TypedDocumentString } from '../../generated/graphql.ts'
import type { Clock } from '../clock.ts'
import { toFailure } from '../failure.ts'
import { type GraphqlError, GraphqlErrors, HttpError } from './graphql-errors.ts'

export interface GraphqlClientOptions {
  readonly clock: Clock
  /** The session's `Authorization` header. Absent when signed out. */
  readonly authorization: () => string | undefined
  /** Called when the gateway refuses this `Authorization` header. */
  readonly onRefused: (authorization: string | undefined) => void
  /** For tests. */
  readonly fetch?: typeof fetch
}

export type Document<Data, Variables> = TypedDocumentString<Data, Variables>
/** Variables may be left out where all of them may. */
export type VariablesOf<Variables> = Record<never, never> extends Variables ? [Variables?] : [Variables]

/** Data with the error of what is missing. A service that fails leaves its fields null. */
export interface PartialAnswer<Data> {
  readonly data: Data
  readonly error: GraphqlErrors | undefined
}

/** A client of the gateway's `/graphql` on the same origin. It caches nothing. */
export interface GraphqlClient {
  /** Returns all data. Throws `GraphqlErrors`, `HttpError`, or the error of `fetch`. */
  ask<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<Variables>
  ): Promise<Data>
  /** Returns partial data with its error. Throws when there is no data. */
  askPartly<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<Variables>
  ): Promise<PartialAnswer<Data>>
  /** The same client with another `Authorization` header. */
  as(authorization: string): GraphqlClient
}

const TIMEOUT_MS = 10_000
const GRAPHQL = 'application/graphql-response+json'
/** The gateway's message for an unknown digest. */
const UNKNOWN_DOCUMENT = 'PersistedQueryNotFound'

/** A body for a document whose data has this shape: the gateway checks it, nobody here. */
type Body<Data> = { readonly data?: Data | null; readonly errors?: readonly GraphqlError[] }

export function createGraphqlClient(options: GraphqlClientOptions): GraphqlClient {
  const { clock, onRefused } = options
  const send = options.fetch ?? fetch

  async function post<Data>(body: object, authorization: string | undefined): Promise<Body<Data>> {
    const sentMs = Date.now()
    const response = await send('/graphql', {
      method: 'POST',
      headers: {
        accept: `${GRAPHQL}, application/json;q=0.9`,
        'content-type': 'application/json',
        // Without the header the browser's cookie authenticates.
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    clock.learn(Date.parse(response.headers.get('date') ?? ''), sentMs, Date.now())
    const isGraphql = response.ok || response.headers.get('content-type')?.includes(GRAPHQL)
    const answer = isGraphql ? await response.json().catch(() => undefined) : undefined
    if (typeof answer !== 'object' || answer === null) {
      throw new HttpError(response.status, response.headers.get('x-request-id') ?? undefined)
    }
    return answer
  }

  /** Sends a document's digest, and the document in full if the gateway does not know it. */
  async function call<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables | undefined,
    header: string | undefined,
  ): Promise<Body<Data>> {
    const named = { documentId: document.__meta__?.hash, variables }
    const body = await post<Data>(named, header)
    if (body.errors?.[0]?.message !== UNKNOWN_DOCUMENT) return body
    return post<Data>({ query: String(document), variables }, header)
  }

  function clientWith(authorization: () => string | undefined): GraphqlClient {
    const askPartly: GraphqlClient['askPartly'] = async (document, ...[variables]) => {
      const header = authorization()
      try {
        const { data, errors } = await call(document, variables, header)
        const error = errors?.length ? new GraphqlErrors(errors) : undefined
        if (data === undefined || data === null) throw error ?? new GraphqlErrors([])
        // A nullable field leaves data in place even when the session has ended.
        if (error !== undefined && toFailure(error).kind === 'unauthenticated') throw error
        return { data, error }
      } catch (error) {
        if (toFailure(error).kind === 'unauthenticated') onRefused(header)
        throw error
      }
    }
    return {
      askPartly,
      async ask(document, ...variables) {
        const { data, error } = await askPartly(document, ...variables)
        if (error !== undefined) throw error
        return data
      },
      as: (other) => clientWith(() => other),
    }
  }
  return clientWith(options.authorization)
}
