import type { WebsocketHandler } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql'
import { makeHandler } from 'graphql-ws/use/@fastify/websocket'
import type { Caller } from '../auth/caller.ts'
import { createCookies } from '../auth/cookies.ts'
import type { GatewayContext, Services } from './context.ts'
import { costRule } from './cost.ts'
import { formatError } from './errors.ts'
import { LIMITS, limitsRule } from './limits.ts'
import type { LogFault } from './log-faults.ts'

/** Subscriptions at `GET /graphql`. */
export interface Live {
  readonly handler: WebsocketHandler
  /** Sends everybody away. */
  close(): void
}

export interface LiveOptions {
  readonly schema: GraphQLSchema
  readonly services: Services
  readonly logFault: LogFault
}

/** Who has opened a socket, and how to ask again whether they still may. */
interface Visitor {
  readonly caller: Caller
  readonly identify: () => Promise<Caller | undefined>
}
type Socket = { close(code: number, reason: string): void }
type Extra = { readonly socket: Socket; readonly request: FastifyRequest; visitor?: Visitor }

const SUBSCRIPTIONS_PER_SOCKET = 20
const CHECK_MS = 1000
const KEEP_ALIVE_MS = 12_000
/** Of the protocol graphql-transport-ws: who opened the socket may not use it any more. */
const FORBIDDEN = 4403
const GOING_AWAY = 1001

/**
 * Subscriptions over WebSocket, and nothing else there: queries and mutations have limits that belong to HTTP. A key
 * comes in `connectionParams.authorization` or in the header, a session in the browser's cookie. Whether they still hold is asked
 * again every second; who is no longer let in has the socket closed.
 */
export function createLive({ schema, services, logFault }: LiveOptions): Live {
  const open = new Set<Extra>()

  const handler = makeHandler<Record<string, unknown>, Extra>(
    {
      schema,
      execute,
      subscribe,
      async onConnect({ connectionParams, extra }) {
        const given = connectionParams?.authorization
        const identify = identifier(extra.request, typeof given === 'string' ? given : undefined, services)
        const caller = await identify().catch(() => undefined)
        if (caller === undefined || isDisabled(caller)) return false
        Object.assign(extra, { visitor: { caller, identify } })
        open.add(extra)
        return true
      },
      onDisconnect: ({ extra }) => void open.delete(extra),
      onClose: ({ extra }) => void open.delete(extra),
      onSubscribe({ extra, subscriptions }, _id, { query, variables, operationName }) {
        if (Object.keys(subscriptions).length > SUBSCRIPTIONS_PER_SOCKET) {
          return [new GraphQLError(`A socket may have ${SUBSCRIPTIONS_PER_SOCKET} subscriptions.`)]
        }
        const document = read(schema, query, operationName)
        if (!('kind' in document)) return document
        return {
          schema,
          document,
          contextValue: contextOf(extra, services),
          ...(variables === null || variables === undefined ? {} : { variableValues: variables }),
          ...(operationName === null || operationName === undefined ? {} : { operationName }),
        }
      },
      onError: (_context, _id, _payload, errors) => (errors as readonly GraphQLError[]).map(told),
      onNext(_context, _id, _payload, _args, { errors, data = null }) {
        return errors === undefined ? undefined : { data, errors: errors.map(told) }
      },
    },
    KEEP_ALIVE_MS,
  )

  const told = (error: GraphQLError) => {
    logFault(error, 'live')
    return shown(error)
  }

  const check = async (extra: Extra) => {
    if (extra.visitor === undefined) return
    const { caller, identify } = extra.visitor
    try {
      const now = await identify()
      if (now === undefined || isDisabled(now) || now.scope !== caller.scope)
        extra.socket.close(FORBIDDEN, 'Forbidden')
    } catch {
      // Nobody can tell at the moment; neither can anybody be revoked.
    }
  }
  const timer = setInterval(() => void Promise.all([...open].map(check)), CHECK_MS)
  timer.unref()
  return {
    handler: handler as WebsocketHandler,
    close() {
      clearInterval(timer)
      for (const { socket } of open) socket.close(GOING_AWAY, 'Going away')
    },
  }
}

function identifier(request: FastifyRequest, given: string | undefined, { callers, sessions }: Services) {
  const authorization = given ?? request.headers.authorization
  return async () =>
    authorization === undefined ? sessions.identify(request) : await callers.identify(authorization)
}

function isDisabled(caller: Caller): boolean {
  return caller.scope === 'tenant' && caller.isDisabled === true
}

function contextOf({ request, visitor }: Extra, services: Services): GatewayContext {
  return {
    requestId: request.id,
    caller: visitor?.caller,
    clientIp: request.ip,
    cookies: createCookies(request, undefined),
    services,
  }
}

/** The document, if it is one subscription within the limits; else what is wrong with it. */
function read(
  schema: GraphQLSchema,
  query: string,
  operationName: unknown,
): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode
  try {
    document = parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    return [error as GraphQLError]
  }
  const errors = faultsIn(schema, document)
  if (errors.length > 0) return errors
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : undefined)
  if (operation?.operation === 'subscription') return document
  return [new GraphQLError('Only subscriptions come this way; queries and mutations go by HTTP.')]
}

/** graphql-js's rule for subscriptions throws, where it should report, when a directive has a variable that is not given. */
function faultsIn(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  try {
    return validate(schema, document, [...specifiedRules, limitsRule, costRule], { maxErrors: 10 })
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

const shown = (error: GraphQLError) => {
  const extensions =
    error.originalError === undefined ? { code: 'BAD_USER_INPUT', ...error.extensions } : error.extensions
  return formatError({ ...error.toJSON(), extensions }, error)
}
