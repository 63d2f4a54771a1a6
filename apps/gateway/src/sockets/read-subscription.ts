import { ProblemError } from '@emailauth/service/problem-error'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../access/caller.ts'
import { costRule } from '../graphql/cost.ts'
import { BY_TOKENS, tokensIn } from '../graphql/document-store.ts'
import type { DocumentTurns } from '../graphql/document-turns.ts'
import { LIMITS, limitsRule } from '../graphql/limits.ts'

/** The document, if it is one subscription within the limits; else what is wrong with it. */
type Read = DocumentNode | readonly GraphQLError[]

/** Reads the text of a subscription. A new one waits until its caller may have it parsed. */
export type ReadSubscription = (
  query: string,
  operationName: unknown,
  caller: Caller | undefined,
) => Promise<Read>

/** Returns the same document for the same text, so that equal subscriptions can be recognised. */
export function createReadSubscription(schema: GraphQLSchema, turns: DocumentTurns): ReadSubscription {
  const known = new LRUCache<string, DocumentNode>({ ...BY_TOKENS, sizeCalculation: tokensIn })

  async function readInTurn(query: string, caller: Caller | undefined): Promise<Read> {
    try {
      await turns.begin(caller)
    } catch (originalError) {
      if (originalError instanceof ProblemError)
        return [new GraphQLError(originalError.message, { originalError })]
      throw originalError
    }
    const began = performance.now()
    const document = known.get(query) ?? read(schema, query)
    turns.spent(performance.now() - began)
    return document
  }

  return async (query, operationName, caller) => {
    const document = known.get(query) ?? (await readInTurn(query, caller))
    if (!('kind' in document)) return document
    known.set(query, document)
    const name = typeof operationName === 'string' && operationName !== '' ? operationName : undefined
    const operation = getOperationAST(document, name)
    if (operation?.operation === 'subscription') return document
    return [new GraphQLError('Only subscriptions come this way; queries and mutations go by HTTP.')]
  }
}

function read(schema: GraphQLSchema, query: string): Read {
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens })
    // graphql-js's rule for subscriptions throws instead of reporting when a directive has a missing
    // variable.
    const errors = validate(schema, document, [...specifiedRules, limitsRule, costRule], { maxErrors: 10 })
    return errors.length > 0 ? errors : document
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}
