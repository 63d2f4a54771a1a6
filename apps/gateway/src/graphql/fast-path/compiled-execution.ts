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
import { areUsual, variableFaults } from '../faults/variable-faults.ts'

type Gateway<Context extends BaseContext> = NonNullable<ApolloServerOptions<Context>['gateway']>

/** Executes one operation of one document, as often as it is asked for. */
export type Execute = (
  contextValue: unknown,
  variableValues: Record<string, unknown> | undefined,
) => Promise<ExecutionResult>

/**
 * Compiling costs a few milliseconds. Only repeated documents are compiled, so a flood of different ones is
 * not.
 */
const WORTH_COMPILING = 3

// The services send times in this form already. The scalar would parse and format each of them again.
const SERIALIZERS = { DateTime: (moment: unknown) => moment }

/**
 * Runs an operation with graphql-js at first, and as a compiled function (graphql-jit) once it has come
 * often. The results are the same. Variable errors are run again through graphql-js for its message. That is
 * safe: no resolver has run.
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
    return isCompiledQuery(made) ? made : undefined
  }

  const interpret: Execute = async (contextValue, variableValues) => {
    const errors = variableFaults(schema, document, operationName, variableValues)
    if (errors !== undefined) return { errors }
    return execute({
      schema,
      document,
      contextValue,
      ...(variableValues === undefined ? {} : { variableValues }),
      ...(operationName === null || operationName === undefined ? {} : { operationName }),
    })
  }

  // Not async: each async function on the fast path costs about half a microsecond.
  return (contextValue, variableValues) => {
    times += 1
    if (times === WORTH_COMPILING) compiled = compile()
    if (compiled === undefined || !areUsual(variableValues)) return interpret(contextValue, variableValues)
    const checked = (result: ExecutionResult) => {
      if (result.data === undefined) return interpret(contextValue, variableValues)
      return result.errors === undefined ? result : withOwnErrors(result)
    }
    const result = compiled.query(undefined, contextValue, variableValues ?? {})
    return result instanceof Promise ? result.then(checked) : Promise.resolve(checked(result))
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
 * graphql-jit differs from graphql-js for `@skip` and `@include` on fragments, and for missing variables. So
 * it gets only documents without directives, whose variables are all required, and in which no name is
 * `__proto__`.
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

/** Connects {@link createExecute} to Apollo Server, whose `gateway` option accepts another executor. */
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
    onSchemaLoadOrUpdate(notify) {
      notify({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => {}
    },
    load: async () => ({
      // The name in the request. Apollo's `operationName` is that of the operation it has found.
      executor: async ({ document, context, request }) =>
        executeOf(document, request.operationName)(context, request.variables),
    }),
    stop: async () => {},
  }
}
