import { unwrapResolverError } from '@apollo/server/errors'
import { INTERNAL_FAULT } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { PROBLEM_NAMES } from '../outcomes/problem-names.ts'
import { withoutValues } from './error-message.ts'

/** The only codes that leave the gateway in `extensions.code`. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

// What Apollo Server and graphql-js say about a request that cannot be run.
const REQUEST_FAULTS = new Set([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])
// graphql-js gives no code to these, though only the caller can cause them.
const REQUEST_FAULT_MESSAGES = /^(Argument "|Too many errors processing variables)/

interface Explained {
  readonly code: ErrorCode
  readonly message: string
  readonly field?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Known only when nothing was done. */
  readonly tookEffect?: false | undefined
  /** Known only when what was to be changed has changed meanwhile. */
  readonly currentVersion?: number | undefined
}

/** An error as a client may see it: one of five codes, a sentence, and nothing internal. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { code, message, field, retryAfterSeconds, tookEffect, currentVersion } = explain(error, formatted)
  return {
    message,
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
    // JSON leaves out those that are undefined. Listed, so that nothing else reaches a client.
    extensions: { code, field, retryAfterSeconds, tookEffect, currentVersion },
  }
}

/**
 * Returns the error as one that the caller caused, or undefined for any other. A fault that graphql-js finds
 * in a document or its variables has a location, but no path of a resolved field and no code.
 */
export function requestFaultOf(error: GraphQLError): GraphQLError | undefined {
  const hasPlace = error.source !== undefined || error.nodes !== undefined
  const isOfRequest = error.path === undefined && (hasPlace || error.originalError == null)
  if (!isOfRequest || error.extensions.code !== undefined) return undefined
  const { message, nodes = null, source = null, positions = null } = error
  return new GraphQLError(message, { nodes, source, positions, extensions: { code: 'BAD_USER_INPUT' } })
}

/** What has to be logged of an error: the fault behind it, or undefined when the caller caused it. */
export function faultBehind(error: GraphQLError): unknown {
  const { code } = explain(error, error)
  const isFault = code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE'
  return isFault ? unwrapResolverError(error) : undefined
}

function explain(
  error: unknown,
  { message, extensions }: Pick<GraphQLFormattedError, 'message' | 'extensions'>,
): Explained {
  const original = unwrapResolverError(error)
  if (original instanceof ProblemError) return explainProblem(original)
  const code = extensions?.code
  // These two codes are ours: no library throws them.
  if (code === 'UNAUTHENTICATED' || code === 'SERVICE_UNAVAILABLE') return { code, message }
  if (REQUEST_FAULTS.has(String(code)) || (original === error && REQUEST_FAULT_MESSAGES.test(message))) {
    return { code: 'BAD_USER_INPUT', ...withoutValues(message) }
  }
  return { code: 'INTERNAL_SERVER_ERROR', message: INTERNAL_FAULT }
}

function explainProblem({ problem }: ProblemError): Explained {
  const name = PROBLEM_NAMES[problem.code]
  const { detail: message, field, retryAfterSeconds, tookEffect, currentVersion } = problem
  switch (name) {
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
    case 'BAD_USER_INPUT':
    case 'SERVICE_UNAVAILABLE':
      return { code: name, message, field, retryAfterSeconds, tookEffect, currentVersion }
    default:
      // Problems of unions are returned, not thrown. One that was thrown is our own fault.
      return { code: 'INTERNAL_SERVER_ERROR', message: INTERNAL_FAULT }
  }
}
