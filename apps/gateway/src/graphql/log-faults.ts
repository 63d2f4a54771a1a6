import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import type { FastifyBaseLogger } from 'fastify'
import type { GraphQLError } from 'graphql'
import type { GatewayContext } from './context.ts'
import { faultBehind } from './errors.ts'

/** Logs the fault behind an error, whole, under its request's id; clients see that id and a mask. */
export type LogFault = (error: GraphQLError, requestId: string) => void

export function createLogFault(logger: FastifyBaseLogger): LogFault {
  return (error, requestId) => {
    const fault = faultBehind(error)
    if (fault === undefined) return
    logger.error({ err: fault, reqId: requestId, path: error.path?.join('.') }, 'a request failed')
  }
}

/** Every fault that Apollo meets is logged. */
export function logFaults(logger: FastifyBaseLogger, logFault: LogFault): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) logFault(error, contextValue.requestId)
    },
  }
  return {
    requestDidStart: async () => listener,
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logger.error({ err: error, reqId: requestContext.contextValue.requestId }, 'unforeseen error')
    },
  }
}
