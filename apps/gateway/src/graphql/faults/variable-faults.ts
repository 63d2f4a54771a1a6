import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
} from 'graphql'

/** Errors of usual variables that are worth reading; of others each costs milliseconds. */
const MOST_FAULTS = 3
/** Keys and items of usual variables, at all depths. */
const MOST_PARTS = 100

/**
 * What is wrong with the variables, or undefined. graphql-js itself looks for 50 errors and quotes the whole
 * variable in each: with 5,500 keys that nobody knows a request of 64 KiB took 200 ms, before anybody was
 * asked for a key.
 */
export function variableFaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>> | undefined,
): readonly GraphQLError[] | undefined {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  if (definitions.length === 0) return undefined
  const maxErrors = areUsual(variables) ? MOST_FAULTS : 1
  return getVariableValues(schema, definitions, variables ?? {}, { maxErrors }).errors
}

/**
 * Whether the variables have few parts. The compiled function makes an error of each wrong part, however many
 * there are.
 */
export function areUsual(variables: unknown): boolean {
  return partsOf(variables, 0) <= MOST_PARTS
}

/** Stops at one more than {@link MOST_PARTS}, so variables of any depth do not fill the stack. */
function partsOf(value: unknown, before: number): number {
  if (typeof value !== 'object' || value === null) return before
  let count = before
  for (const part of Array.isArray(value) ? value : Object.values(value)) {
    if (count === MOST_PARTS) return count + 1
    count = partsOf(part, count + 1)
    if (count > MOST_PARTS) break
  }
  return count
}
