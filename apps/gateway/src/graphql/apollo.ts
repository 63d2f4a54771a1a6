import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server'
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
import { faultBehind, formatError } from './errors.ts'
import { LIMITS, limitsRule } from './limits.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly logger: FastifyBaseLogger
  /** Whether a client may ask for the schema itself; meant for development. */
  readonly introspection: boolean
}

/** Apollo Server as the gateway wants it; it still has to be started. */
export function createApollo({ schema, logger, introspection }: ApolloOptions): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    schema,
    logger,
    introspection,
    formatError,
    validationRules: [limitsRule],
    validationOptions: { maxErrors: 10 },
    parseOptions: { maxTokens: LIMITS.tokens },
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      logFaults(logger),
      // None of these is used here, and each would cost time on every request or call home.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
}

/** Every fault is logged whole under its request's id; clients see that id and a mask. */
function logFaults(logger: FastifyBaseLogger): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) {
        const fault = faultBehind(error)
        if (fault === undefined) continue
        logger.error(
          { err: fault, reqId: contextValue.requestId, path: error.path?.join('.') },
          'a request failed',
        )
      }
    },
  }
  return {
    requestDidStart: async () => listener,
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logger.error({ err: error, reqId: requestContext.contextValue.requestId }, 'unforeseen error')
    },
  }
}
