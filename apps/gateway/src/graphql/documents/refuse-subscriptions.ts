import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  SingleFieldSubscriptionsRule,
  validate,
} from 'graphql'
import { sendError } from '../../http/media-types.ts'
import { LIMITS } from '../limits/limits.ts'
import type { DocumentStore } from './document-store.ts'

interface Parameters {
  readonly query?: unknown
  readonly operationName?: unknown
}

/**
 * Refuses subscriptions over HTTP, where one request has one reply. A document may hold some beside the
 * operation that is asked for.
 * @param store what it keeps has been parsed and validated
 */
export function refuseSubscriptions(schema: GraphQLSchema, store: Pick<DocumentStore, 'find'>) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    // Nothing is known of it yet: each field is checked where it is used.
    const parameters: Parameters = (request.method === 'GET' ? request.query : request.body) ?? {}
    const message = complaint(parameters, schema, store)
    if (message === undefined) {
      done()
      return
    }
    sendError(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })
  }
}

function complaint(
  { query, operationName }: Parameters,
  schema: GraphQLSchema,
  store: Pick<DocumentStore, 'find'>,
): string | undefined {
  if (typeof query !== 'string' || !query.includes('subscription')) return undefined
  const kept = store.find(query)
  const document = kept ?? parsed(query)
  if (document === undefined || !holdsSubscription(document)) return undefined
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : undefined
  const asked = getOperationAST(document, name)
  // Apollo refuses a request that names no operation, unless its document has only subscriptions.
  const isAsked = asked ? asked.operation === OperationTypeNode.SUBSCRIPTION : onlySubscriptions(document)
  if (isAsked) return 'Subscriptions come over WebSocket, with the protocol graphql-transport-ws.'
  return kept !== undefined || isRuleable(document, schema)
    ? undefined
    : 'A directive in a subscription has no value.'
}

/** Apollo refuses what cannot be parsed. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true })
  } catch {
    return undefined
  }
}

const operationsIn = ({ definitions }: DocumentNode) =>
  definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [definition.operation] : [],
  )
const holdsSubscription = (document: DocumentNode) =>
  operationsIn(document).includes(OperationTypeNode.SUBSCRIPTION)
const onlySubscriptions = (document: DocumentNode) =>
  operationsIn(document).every((operation) => operation === OperationTypeNode.SUBSCRIPTION)

/** graphql-js's rule throws instead of reporting when a directive in a subscription lacks a variable. */
function isRuleable(document: DocumentNode, schema: GraphQLSchema): boolean {
  try {
    validate(schema, document, [SingleFieldSubscriptionsRule])
    return true
  } catch {
    return false
  }
}
