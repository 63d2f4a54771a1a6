import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { FastifyBaseLogger } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { GatewayContext } from './context.ts'
import type { DocumentStore } from './documents/document-store.ts'
import { compiledExecution } from './fast-path/compiled-execution.ts'
import { formatError } from './faults/errors.ts'
import { statusOfRequestFaults } from './faults/status-of-request-faults.ts'
import { costRule } from './limits/cost.ts'
import { LIMITS, limitsRule } from './limits/limits.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly logger: FastifyBaseLogger
  readonly documentStore: DocumentStore
  /** Whether a client may ask for the schema itself; meant for development. */
  readonly introspection: boolean
  /** They observe each operation: logs, metrics, and the fast path, which learns documents. */
  readonly plugins: readonly ApolloServerPlugin<GatewayContext>[]
}

/** Clients that fill in a form send "" for no name. graphql-js would look for an operation of that name. */
const emptyOperationName: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ request }) {
    if (request.operationName === '') delete request.operationName
  },
}

/** Apollo Server as the gateway wants it; it still has to be started. */
export function createApollo({
  schema,
  logger,
  introspection,
  documentStore,
  plugins,
}: ApolloOptions): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    gateway: compiledExecution(schema),
    logger,
    introspection,
    formatError,
    validationRules: [limitsRule, costRule],
    validationOptions: { maxErrors: 10 },
    parseOptions: { maxTokens: LIMITS.tokens },
    // A form or a link cannot send any of these headers; a script of another origin needs a preflight first.
    csrfPrevention: {
      requestHeaders: ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'],
    },
    persistedQueries: false,
    documentStore,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      emptyOperationName,
      statusOfRequestFaults,
      ...plugins,
      // None of these is used here, and each would cost time on every request or call home.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
}
