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

interface Use {
  times: number
  /** null: it cannot be compiled, or has not been worth it yet. */
  compiled: CompiledQuery | null
}

/** Compiling costs a few milliseconds, which a document has to earn: a flood of different ones is not compiled at all. */
const WORTH_COMPILING = 3

/**
 * Executes documents that come again and again as compiled functions (graphql-jit) and the rest with graphql-js. Results are the same, except
 * that a fault in the variables is always told by graphql-js: nothing has run by then, so it can be asked for its words.
 */
export function createExecutor(schema: GraphQLSchema) {
  // Apollo keeps a document as long as it is in use and gives the same object each time.
  const uses = new WeakMap<DocumentNode, Map<string, Use>>()

  function compiledFor(document: DocumentNode, operationName: string): CompiledQuery | null {
    const operations = uses.get(document) ?? new Map<string, Use>()
    uses.set(document, operations)
    const use = operations.get(operationName) ?? { times: 0, compiled: null }
    operations.set(operationName, use)
    use.times += 1
    if (use.times === WORTH_COMPILING && isPlain(document)) {
      const compiled = compileQuery(schema, document, operationName)
      use.compiled = isCompiledQuery(compiled) ? (compiled as CompiledQuery) : null
    }
    return use.compiled
  }

  return async (
    document: DocumentNode,
    operationName: string | null | undefined,
    contextValue: unknown,
    variableValues: Record<string, unknown> | undefined,
  ): Promise<ExecutionResult> => {
    const compiled = compiledFor(document, operationName ?? '')
    if (compiled !== null) {
      const result = await compiled.query(undefined, contextValue, variableValues ?? {})
      if (result.data !== undefined) return withOwnErrors(result)
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
  if (errors === undefined) return result
  return {
    ...result,
    errors: errors.map(({ message, path, originalError, extensions, locations }) =>
      Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations }),
    ),
  }
}

/**
 * graphql-jit has its own idea of `@skip` and `@include` on fragments, and of variables that are not given; so it gets only documents without
 * directives whose variables must all be given.
 */
function isPlain(document: DocumentNode): boolean {
  let plain = true
  const isOdd = () => {
    plain = false
    return BREAK
  }
  visit(document, {
    Directive: isOdd,
    VariableDefinition: ({ type, defaultValue }) =>
      type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined ? undefined : isOdd(),
  })
  return plain
}

/** Puts {@link createExecutor} behind Apollo Server; its `gateway` option is where it takes another executor. */
export function compiledExecution<Context extends BaseContext>(schema: GraphQLSchema): Gateway<Context> {
  const run = createExecutor(schema)
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => {}
    },
    load: async () => ({
      // The request's own word: Apollo's `operationName` names the operation that it has found.
      executor: async ({ document, context, request }) =>
        run(document, request.operationName, context, request.variables),
    }),
    stop: async () => {},
  }
}
