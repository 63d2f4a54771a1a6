import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyRequest } from 'fastify'
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, Kind } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { FastPathContext, GatewayContext } from '../context.ts'
import { BY_TOKENS, tokensIn } from '../documents/document-store.ts'
import { formatError } from '../faults/errors.ts'
import type { LogFault } from '../faults/log-faults.ts'
import type { OperationMetrics } from '../operation-metrics.ts'
import { createExecute, type Execute } from './compiled-execution.ts'
import { FAST_PATH_FIELDS } from './direct-resolvers.ts'

/**
 * The fast path for the documents that external servers send all day. Apollo's pipeline costs about 60 µs of
 * CPU a request, three times the rest of the gateway's work for a `verify`. So a document that Apollo has
 * parsed, validated and accepted goes straight to the executor the next time. The request must be a usual
 * one: JSON in and out, no extensions, one of its fields alone. Apollo handles every other request. The
 * replies are the same to the byte.
 */
export interface FastPath {
  /** Learns what Apollo lets through. */
  readonly plugin: ApolloServerPlugin<GatewayContext>
  /** The answer's body, or undefined when Apollo has to see the request. */
  answer(
    request: FastifyRequest,
    toContext: () => FastPathContext | Promise<FastPathContext>,
  ): Promise<string | undefined>
  /** The same in two steps. Finds the document that a body names; undefined: Apollo has to see it. */
  find(body: unknown): FastPathCall | undefined
  /** Runs a call for a tenant. undefined: nothing has run, and Apollo has to see the request. */
  run(call: FastPathCall, context: FastPathContext): Promise<string | undefined>
}

/** One call of a known document. */
export interface FastPathCall {
  readonly known: KnownDocument
  readonly variables: Record<string, unknown> | undefined
}

export interface FastPathOptions {
  readonly schema: GraphQLSchema
  readonly metrics: OperationMetrics
  readonly logFault: LogFault
}

interface KnownDocument {
  /** The name of its one operation, which clients send along. */
  readonly name: string | undefined
  readonly document: DocumentNode
  readonly field: string
  readonly execute: Execute
}

const LONGEST_DOCUMENT = 4096
const USUAL_FIELDS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName'])
// Nothing but its caller is read.
const NOBODY = { caller: undefined } as FastPathContext
/** Values of the header `Accept` for which the type of the answer needs no negotiation. */
export const USUAL_ACCEPT: ReadonlySet<string | undefined> = new Set([
  undefined,
  '*/*',
  'application/json',
  'application/graphql-response+json',
])

export function createFastPath({ schema, metrics, logFault }: FastPathOptions): FastPath {
  const known = new LRUCache<string, KnownDocument>({
    ...BY_TOKENS,
    sizeCalculation: ({ document }) => tokensIn(document),
  })

  const plugin: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      async didResolveOperation({ source, document }) {
        const field = fastPathFieldOf(document)
        if (field === undefined || source.length > LONGEST_DOCUMENT || known.has(source)) return
        const name = nameOf(document)
        known.set(source, { document, field, name, execute: createExecute(schema, document) })
      },
    }),
  }

  function find(given: unknown): FastPathCall | undefined {
    const body = usualBody(given)
    const found = body === undefined ? undefined : known.get(body.query)
    if (body === undefined || found === undefined) return undefined
    const { operationName, variables } = body
    return operationName && operationName !== found.name ? undefined : { known: found, variables }
  }

  function run({ known: { field, execute }, variables }: FastPathCall, context: FastPathContext) {
    const began = performance.now()
    const observe = (code: string) => metrics.observe(field, code, (performance.now() - began) / 1000)
    return execute(context, variables).then((result) =>
      // A fault in the variables: nothing has run, and Apollo knows how to say it.
      result.data === undefined ? undefined : write(result, observe, context.requestId),
    )
  }

  return {
    plugin,
    find,
    run,
    async answer(request, toContext) {
      const call = isUsual(request) ? find(request.body) : undefined
      if (call === undefined) return undefined
      // Apollo refuses callers that are unknown or cannot be looked up.
      let context = toContext()
      if (context instanceof Promise) context = await context.catch(() => NOBODY)
      return context.caller?.scope === 'tenant' ? run(call, context) : undefined
    },
  }

  function write(
    { data, errors }: ExecutionResult,
    observe: (code: string) => void,
    requestId: string,
  ): string {
    if (errors === undefined) {
      observe('OK')
      return `${JSON.stringify({ data })}\n`
    }
    for (const error of errors) logFault(error, requestId)
    const formatted = errors.map((error) => formatError(error.toJSON(), error))
    observe(String(formatted[0]?.extensions?.code))
    return `${JSON.stringify({ errors: formatted, data })}\n`
  }
}

/** The one field of the fast path that is all of a document, or undefined. */
function fastPathFieldOf({ definitions: [operation, ...others] }: DocumentNode): string | undefined {
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return undefined
  const [field, ...more] = operation.selectionSet.selections
  if (field?.kind !== Kind.FIELD || more.length > 0) return undefined
  return FAST_PATH_FIELDS.find((name) => name === field.name.value)
}

function nameOf({ definitions: [operation] }: DocumentNode): string | undefined {
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined
}

interface UsualBody {
  readonly query: string
  readonly variables: Record<string, unknown> | undefined
  readonly operationName: string | null | undefined
}

function isUsual({ method, headers }: FastifyRequest): boolean {
  if (method !== 'POST' || !USUAL_ACCEPT.has(headers.accept)) return false
  return headers['content-type']?.startsWith('application/json') === true
}

/** The body of a usual request. Apollo handles everything else in it, such as extensions. */
function usualBody(body: unknown): UsualBody | undefined {
  if (!isRecord(body)) return undefined
  for (const name in body) if (!USUAL_FIELDS.has(name)) return undefined
  const { query, variables, operationName } = body
  if (typeof query !== 'string' || !isName(operationName)) return undefined
  if (variables !== undefined && !isRecord(variables)) return undefined
  return { query, variables, operationName }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isName = (name: unknown): name is string | null | undefined =>
  name === undefined || name === null || typeof name === 'string'
