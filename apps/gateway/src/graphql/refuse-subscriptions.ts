import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { Kind, OperationTypeNode, parse } from 'graphql'
import { sendError } from '../http/media-types.ts'
import { LIMITS } from './limits.ts'

/**
 * Refuses subscriptions over HTTP, where one request has one reply. It runs before Apollo, because
 * graphql-js's own rule throws instead of reporting when a directive in a subscription has a missing
 * variable.
 */
export function refuseSubscriptions(
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const { query } = ((request.method === 'GET' ? request.query : request.body) ?? {}) as { query?: unknown }
  if (typeof query === 'string' && query.includes('subscription') && asksForSubscription(query)) {
    const message = 'Subscriptions come over WebSocket, with the protocol graphql-transport-ws.'
    sendError(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })
  } else {
    done()
  }
}

/** What cannot be parsed is for Apollo to refuse. */
function asksForSubscription(query: string): boolean {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true }).definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.SUBSCRIPTION,
    )
  } catch {
    return false
  }
}
