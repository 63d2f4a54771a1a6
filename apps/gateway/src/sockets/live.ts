import { ProblemError } from '@emailauth/service/http/problem-error'
import type { WebSocket, WebsocketHandler } from '@fastify/websocket'
import type { FastifyBaseLogger, FastifyRequest, onRequestHookHandler } from 'fastify'
import { type ExecutionArgs, GraphQLError, type GraphQLSchema } from 'graphql'
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws'
import type { Callers } from '../access/caller.ts'
import { createCookies } from '../access/cookies.ts'
import { ownerOf } from '../access/owner.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { GatewayContext } from '../graphql/context.ts'
import type { DocumentBudgets } from '../graphql/documents/document-budgets.ts'
import { formatError, requestFaultOf } from '../graphql/faults/errors.ts'
import type { LogFault } from '../graphql/faults/log-faults.ts'
import { variableFaults } from '../graphql/faults/variable-faults.ts'
import { authorizationIn } from './connection-params.ts'
import { limitHandshakes } from './handshakes.ts'
import { createReadSubscription } from './read-subscription.ts'
import { type AdmittedSocket, mayFollow, recheck } from './recheck.ts'
import { serveSocket, TRY_AGAIN_LATER } from './serve-socket.ts'
import { createSubscribe } from './shared-results.ts'
import { type CountedSocket, createSocketCounts, SOCKET_LIMITS, type SocketLimits } from './socket-limits.ts'

/** Subscriptions at `GET /graphql`. */
export interface Live {
  /** Refuses a client that opens too many. */
  readonly limit: onRequestHookHandler
  readonly handler: WebsocketHandler
  /** Sends everybody away. */
  close(): void
}

interface Identifiers {
  readonly callers: Pick<Callers, 'identify'>
  readonly sessions: Pick<Sessions, 'identify'>
}

export interface LiveOptions {
  readonly schema: GraphQLSchema
  /** Reaches the resolvers; the gateway's sockets themselves only identify callers. */
  readonly services: Identifiers
  readonly budgets: DocumentBudgets
  readonly logFault: LogFault
  readonly logger: Pick<FastifyBaseLogger, 'warn'>
  readonly limits?: SocketLimits | undefined
}

/** A socket from its beginning to its end. */
interface Extra extends Record<PropertyKey, unknown>, CountedSocket {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  admitted?: AdmittedSocket
  isClosed?: true
  /** Ids of subscriptions that have begun and not come to their end, also when they were completed. */
  readonly ids: Set<string>
}

const CHECK_MS = 1000
/** Each event repeats the id. Clients take UUIDs or counters. */
const MOST_OF_AN_ID = 128
const GOING_AWAY = 1001
/** Close codes of graphql-transport-ws. 4403: the caller may not use the socket. 4429: too many. */
const { Forbidden: FORBIDDEN, TooManyInitialisationRequests: TOO_MANY, SubscriberAlreadyExists } = CloseCode

/**
 * Subscriptions over WebSocket. Queries and mutations are refused there, because their limits belong to
 * HTTP. An API key comes in the payload of `connection_init` or in the header, a session in the browser's
 * cookie. Both are checked again every second, which does not prolong a session. A socket whose caller lost
 * access is closed.
 */
export function createLive({
  schema,
  services,
  budgets,
  logFault,
  logger,
  limits = SOCKET_LIMITS,
}: LiveOptions): Live {
  const open = new Set<Extra>()
  const counts = createSocketCounts(limits)
  const readSubscription = createReadSubscription(schema, budgets)

  const shown = (error: GraphQLError) => {
    // The event source failed, for example because its reader is too slow. graphql-ws reports that without a
    // path.
    if (error.path === undefined && error.originalError instanceof ProblemError)
      return formatError(error.toJSON(), error.originalError)
    const classified = requestFaultOf(error) ?? error
    logFault(classified, 'live')
    return formatError(classified.toJSON(), classified)
  }

  const server = makeServer<Record<string, unknown>, Extra>({
    subscribe: createSubscribe(),
    async onConnect(context) {
      const { connectionParams, extra } = context
      extra.subscriptions = () => Object.keys(context.subscriptions).length
      const identify = identifier(extra.request, authorizationIn(connectionParams), services)
      const refuse = (code: number, reason: string) => {
        extra.socket.close(code, reason)
        return false
      }
      try {
        const caller = await identify()
        // The socket may be gone by now, and then nobody would take it from the list again.
        if (extra.isClosed || !mayFollow(caller)) return false
        const refusal = counts.own(extra, ownerOf(caller))
        if (refusal !== undefined) return refuse(TOO_MANY, refusal)
        extra.admitted = { caller, identify, end: () => extra.socket.close(FORBIDDEN, 'Forbidden') }
        return true
      } catch {
        // Like 503 by HTTP: it says nothing about the key or the session.
        return refuse(TRY_AGAIN_LATER, 'Who you are cannot be checked for the moment')
      }
    },
    onClose({ extra }) {
      extra.isClosed = true
      open.delete(extra)
      counts.close(extra)
    },
    onSubscribe({ extra }, id, { query, variables, operationName }) {
      if (id.length > MOST_OF_AN_ID)
        return [new GraphQLError(`An id has at most ${MOST_OF_AN_ID} characters.`)]
      // graphql-ws knows a subscription by its id alone. With an id that comes again before the first one has
      // ended, one of the two would run uncounted, and on after the end of the socket.
      if (extra.ids.has(id)) {
        extra.socket.close(SubscriberAlreadyExists, 'The subscription of this id has not ended yet')
        return [new GraphQLError('This id is in use.')]
      }
      const refusal = counts.subscribed(extra)
      if (refusal !== undefined) return [new GraphQLError(refusal.message, { originalError: refusal })]
      const document = readSubscription(query, operationName, extra.admitted?.caller)
      if (!('kind' in document)) return document
      const name = operationName === '' ? null : operationName
      const faults = variableFaults(schema, document, name, variables ?? {})
      if (faults !== undefined) return faults
      extra.ids.add(id)
      const args: ExecutionArgs = { schema, document, contextValue: contextOf(extra, services) }
      return Object.assign(args, withoutNull({ variableValues: variables, operationName: name }))
    },
    onComplete({ extra }, id) {
      extra.ids.delete(id)
    },
    onError: (_context, _id, _payload, errors) => errors.map(shown),
    onNext(_context, _id, _payload, _args, { errors, data = null }) {
      return errors === undefined ? undefined : { data, errors: errors.map(shown) }
    },
  })

  let timer: NodeJS.Timeout | undefined
  /** Runs while there are sockets. */
  const checkOpen = () => {
    if (open.size > 0) return void recheck([...open].flatMap(({ admitted }) => admitted ?? []))
    clearInterval(timer)
    timer = undefined
  }
  return {
    limit: limitHandshakes(limits.handshakes),
    handler(socket, request) {
      this.websocketServer.options.handleProtocols = handleProtocols
      const extra: Extra = { socket, request, ip: request.ip, subscriptions: () => 0, ids: new Set() }
      const refusal = counts.open(extra)
      if (refusal !== undefined) {
        socket.on('error', () => {})
        socket.close(TOO_MANY, refusal)
        return
      }
      open.add(extra)
      timer ??= setInterval(checkOpen, CHECK_MS).unref()
      serveSocket(server, socket, extra, { log: logger, isFlooding: () => counts.isFlooding(extra) })
    },
    close() {
      clearInterval(timer)
      for (const { socket } of open) socket.close(GOING_AWAY, 'Going away')
    },
  }
}

function identifier(request: FastifyRequest, given: string | undefined, { callers, sessions }: Identifiers) {
  const authorization = given ?? request.headers.authorization
  return async () =>
    authorization === undefined
      ? sessions.identify(request, { keepAlive: false })
      : await callers.identify(authorization)
}

function contextOf({ request, admitted }: Extra, services: Identifiers): GatewayContext {
  return {
    requestId: request.id,
    caller: admitted?.caller,
    clientIp: request.ip,
    cookies: createCookies(request, undefined),
    head: undefined,
    services,
  }
}

function withoutNull(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? null) !== null))
}
