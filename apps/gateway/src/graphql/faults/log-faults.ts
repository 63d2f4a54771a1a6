import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import type { FastifyBaseLogger } from 'fastify'
import { GraphQLError } from 'graphql'
import type { GatewayContext } from '../context.ts'
import { withoutValues } from './error-message.ts'
import { faultBehind } from './errors.ts'

/**
 * Logs the fault behind an error under its request id, without the values it quotes. Clients see only that
 * id and a generic message.
 */
export type LogFault = (error: GraphQLError, requestId: string) => void

export function createLogFault(logger: FastifyBaseLogger): LogFault {
  return (error, requestId) => {
    const fault = faultBehind(error)
    if (fault === undefined) return
    logger.error(
      { err: withoutQuotes(fault), reqId: requestId, path: error.path?.join('.') },
      'a request failed',
    )
  }
}

/**
 * graphql-js quotes the value that it cannot write or read, so only the reason and the stack of its errors
 * are logged.
 */
function withoutQuotes(fault: unknown): unknown {
  if (!(fault instanceof GraphQLError)) return fault
  const safe = new Error(withoutValues(fault.message).message)
  safe.name = fault.name
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
  safe.stack = [`${safe.name}: ${safe.message}`, ...frames].join('\n')
  return safe
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
