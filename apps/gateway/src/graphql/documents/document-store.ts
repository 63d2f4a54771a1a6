import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import type { DocumentNode, Token } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { GatewayContext } from '../context.ts'

type ApolloStore = NonNullable<ApolloServerOptionsWithGateway<GatewayContext>['documentStore']>

/** Documents that Apollo has validated, so that their next use costs neither parsing nor validation. */
export interface DocumentStore extends ApolloStore {
  /** The document of a text while it is kept. This counts as a use of it. */
  find(text: string): DocumentNode | undefined
  /**
   * Calls back when a text has been validated, whether or not it is kept.
   * @returns ends the waiting
   */
  onKnown(text: string, then: () => void): () => void
}

/** Documents that are kept. The one used least recently makes room. */
export const MOST_DOCUMENTS = 1000
/** Each token that is kept costs about 100 bytes. */
const MOST_TOKENS = 100_000
const MOST_TOKENS_OF_ONE = 2000

/**
 * Bounds a cache of documents by the memory they use. A document keeps all its tokens, comments too, and the
 * parser does not count comments: a body of short comments takes 2 MB once parsed. Such a document is not
 * cached.
 */
export const BY_TOKENS = {
  max: MOST_DOCUMENTS,
  maxSize: MOST_TOKENS,
  maxEntrySize: MOST_TOKENS_OF_ONE,
} as const

/** Tokens that a document holds on to; counting ends where it is too long to be kept anyway. */
export function tokensIn({ loc }: DocumentNode): number {
  let count = 1
  for (let token: Token | null = loc?.startToken ?? null; token !== null; token = token.next) {
    if (count > MOST_TOKENS_OF_ONE) break
    count += 1
  }
  return count
}

/**
 * The store where Apollo keeps validated documents. Apollo's own store measures their JSON, which has no
 * tokens.
 *
 * A new document may come many times at once, because all calls of a new key wait for one look-up of it. The
 * first one gets the answer that the document is unknown, and Apollo validates it in the same turn of the
 * event loop. The others wait for the end of that turn, so that they need not be validated too.
 */
export function createDocumentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({ ...BY_TOKENS, sizeCalculation: tokensIn })
  /** Documents that were unknown in this turn, and the turn's end. */
  const asked = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    find: (text) => documents.get(hash('sha256', text)),
    onKnown(text, then) {
      const key = hash('sha256', text)
      const all = waiting.get(key) ?? new Set()
      waiting.set(key, all.add(then))
      return () => {
        all.delete(then)
        if (all.size === 0) waiting.delete(key)
      }
    },
    async get(apolloKey) {
      const key = digestIn(apolloKey)
      const known = documents.get(key)
      if (known !== undefined) return known
      const turn = asked.get(key)
      if (turn === undefined) {
        asked.set(
          key,
          setImmediate().then(() => asked.delete(key)),
        )
        return undefined
      }
      await turn
      return documents.get(key)
    },
    async set(apolloKey, document) {
      const key = digestIn(apolloKey)
      documents.set(key, document)
      for (const then of [...(waiting.get(key) ?? [])]) then()
    },
    delete: async (key) => documents.delete(digestIn(key)),
  }
}

/** The text's SHA-256. Apollo puts a digest of the schema before it, and a gateway has one schema. */
const digestIn = (key: string) => key.slice(key.lastIndexOf(':') + 1)
