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
import { type DocumentBudgets, tooManyDocuments } from '../graphql/documents/document-budgets.ts'
import { BY_TOKENS, tokensIn } from '../graphql/documents/document-store.ts'
import { repetitionFault } from '../graphql/documents/repeated-fields.ts'
import { costRule } from '../graphql/limits/cost.ts'
import { LIMITS, limitsRule } from '../graphql/limits/limits.ts'

/** The document, if it is one subscription within the limits; else what is wrong with it. */
export type ReadSubscription = (
  query: string,
  operationName: unknown,
  caller: Caller | undefined,
) => DocumentNode | readonly GraphQLError[]

/** Returns the same document for the same text, so that equal subscriptions can be recognised. */
export function createReadSubscription(schema: GraphQLSchema, budgets: DocumentBudgets): ReadSubscription {
  const known = new LRUCache<string, DocumentNode>({ ...BY_TOKENS, sizeCalculation: tokensIn })
  const readNew = (query: string, caller: Caller | undefined) => {
    const seconds = budgets.take(caller, query)
    if (seconds > 0) return [new GraphQLError(tooManyDocuments(seconds))]
    const fault = repetitionFault(query)
    return fault === undefined ? read(schema, query) : [new GraphQLError(fault)]
  }
  return (query, operationName, caller) => {
    const document = known.get(query) ?? readNew(query, caller)
    if (!('kind' in document)) return document
    known.set(query, document)
    const name = typeof operationName === 'string' && operationName !== '' ? operationName : undefined
    const operation = getOperationAST(document, name)
    if (operation?.operation === 'subscription') return document
    return [new GraphQLError('Only subscriptions come this way; queries and mutations go by HTTP.')]
  }
}

function read(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
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
