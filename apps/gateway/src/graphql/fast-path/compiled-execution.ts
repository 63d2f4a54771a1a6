import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'

type Gateway<Context extends BaseContext> = NonNullable<ApolloServerOptions<Context>['gateway']>

/** Executes one operation of one document, as often as it is asked for. */
export type Execute = (
  contextValue: unknown,
  variableValues: Record<string, unknown> | undefined,
) => Promise<ExecutionResult>

/** Compiling costs a few milliseconds, which a document has to earn: a flood of different ones is not compiled at all. */
const WORTH_COMPILING = 3

// The services answer moments in this form already; the scalar would read and write each of them again.
const SERIALIZERS = { DateTime: (moment: unknown) => moment }

/**
 * Executes an operation that comes again and again as a compiled function (graphql-jit), and before that with graphql-js. Results are the same, except
 * that a fault in the variables is always told by graphql-js: nothing has run by then, so it can be asked for its words.
 */
export function createExecute(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): Execute {
  let times = 0
  /** undefined: it cannot be compiled, or has not been worth it yet. */
  let compiled: CompiledQuery | undefined

  function compile(): CompiledQuery | undefined {
    if (!isPlain(document)) return undefined
    const made = compileQuery(schema, document, operationName ?? '', { customSerializers: SERIALIZERS })
    return isCompiledQuery(made) ? (made as CompiledQuery) : undefined
  }

  return async (contextValue, variableValues) => {
    times += 1
    if (times === WORTH_COMPILING) compiled = compile()
    if (compiled !== undefined) {
      const result = await compiled.query(undefined, contextValue, variableValues ?? {})
      if (result.data !== undefined) return result.errors === undefined ? result : withOwnErrors(result)
    }
    return execute({
      schema,
      document,
      contextValue,
      ...(variableValues === undefined ? {} : { variableValues }),
      ...(operationName === null || operationName === undefined ? {} : { operationName }),
    })
  }
}

/** graphql-jit has an error class of its own; Apollo looks for the resolver's fault in graphql-js's. */
function withOwnErrors({ errors, ...result }: ExecutionResult): ExecutionResult {
  return {
    ...result,
    errors: (errors ?? []).map(({ message, path, originalError, extensions, locations }) =>
      Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations }),
    ),
  }
}

/**
 * graphql-jit has its own idea of `@skip` and `@include` on fragments, and of variables that are not given; so it gets only documents without
 * directives whose variables must all be given, and in which nothing is called `__proto__`.
 */
function isPlain(document: DocumentNode): boolean {
  let plain = true
  const isOdd = () => {
    plain = false
    return BREAK
  }
  visit(document, {
    Directive: isOdd,
    // graphql-jit builds results and variables as object literals, in which this name sets the prototype.
    Name: ({ value }) => (value === '__proto__' ? isOdd() : undefined),
    VariableDefinition: ({ type, defaultValue }) =>
      type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined ? undefined : isOdd(),
  })
  return plain
}

/** Puts {@link createExecute} behind Apollo Server; its `gateway` option is where it takes another executor. */
export function compiledExecution<Context extends BaseContext>(schema: GraphQLSchema): Gateway<Context> {
  // Apollo keeps a document as long as it is in use and gives the same object each time.
  const known = new WeakMap<DocumentNode, Map<string, Execute>>()

  function executeOf(document: DocumentNode, operationName: string | undefined): Execute {
    const operations = known.get(document) ?? new Map<string, Execute>()
    known.set(document, operations)
    const found = operations.get(operationName ?? '') ?? createExecute(schema, document, operationName)
    operations.set(operationName ?? '', found)
    return found
  }

  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => {}
    },
    load: async () => ({
      // The request's own word: Apollo's `operationName` names the operation that it has found.
      executor: async ({ document, context, request }) =>
        executeOf(document, request.operationName)(context, request.variables),
    }),
    stop: async () => {},
  }
}
