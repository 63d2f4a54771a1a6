import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import fastifyWebsocket, { type WebsocketHandler } from '@fastify/websocket'
import type {
  DoneFuncWithErrOrRes,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
  HTTPMethods,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
} from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { compressReply } from '../http/compress-reply.ts'
import { type LoadSheddingOptions, shedLoad } from '../http/load-shedding.ts'
import { requireAcceptable, responseType, sendError } from '../http/media-types.ts'
import { refuseCompressed } from '../http/request-body.ts'
import type { GatewayContext } from './context.ts'
import { inTime, OPERATION_TIMEOUT_MS } from './deadline.ts'
import type { DocumentStore } from './documents/document-store.ts'
import type { NewDocuments } from './documents/new-documents.ts'
import { type PersistedDocuments, usePersistedDocuments } from './documents/persisted-documents.ts'
import { refuseSubscriptions } from './documents/refuse-subscriptions.ts'
import type { FastPath } from './fast-path/fast-path.ts'
import { answerOnFastPath, type FastPathListenerOptions } from './fast-path/fast-path-listener.ts'
import { useReadBody } from './fast-path/read-body.ts'
import { refusalOf } from './faults/request-errors.ts'
import { withRequestId } from './faults/request-id-in-errors.ts'

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>
  readonly schema: GraphQLSchema
  readonly fastPath: FastPath
  /** undefined: all requests go through Fastify. */
  readonly fastPathListener: Pick<FastPathListenerOptions, 'services' | 'observe'> | undefined
  readonly toContext: (
    request: FastifyRequest,
    reply: FastifyReply,
  ) => GatewayContext | Promise<GatewayContext>
  /** Subscriptions, which come over WebSocket. `limit` bounds new ones, `close` sends everybody away. */
  readonly live: {
    readonly limit: onRequestHookHandler
    readonly handler: WebsocketHandler
    close(): void
  }
  readonly documents: PersistedDocuments
  readonly documentStore: Pick<DocumentStore, 'find'>
  readonly newDocuments: NewDocuments
  readonly load: LoadSheddingOptions
  /** Answers a browser at `GET /graphql` with a page. */
  readonly answerBrowser: onRequestAsyncHookHandler
  /** Operations that take longer are answered with `SERVICE_UNAVAILABLE`. */
  readonly timeoutMs?: number | undefined
}

/**
 * `POST /graphql`, GET for queries with an API key, and WebSocket for subscriptions. Every error has
 * GraphQL's form and the request's id. A browser gets a page.
 */
export function graphqlRoutes(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { apollo, fastPath, toContext, live, load, timeoutMs = OPERATION_TIMEOUT_MS } = options
  const viaApollo = fastifyApolloHandler(apollo, {
    context: async (request, reply) => toContext(request, reply),
  })
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const known = await fastPath.answer(request, () => toContext(request, reply))
    if (known === undefined) return viaApollo.call(app, request, reply)
    reply.header('content-type', `${responseType(request.headers.accept)}; charset=utf-8`)
    return known
  }
  void app.register(async (scope) => {
    const isOverloaded = shedLoad(scope, load)
    if (options.fastPathListener !== undefined)
      answerOnFastPath(app, { ...options.fastPathListener, fastPath, isOverloaded, timeoutMs })
    await scope.register(fastifyWebsocket, {
      options: { maxPayload: app.initialConfig.bodyLimit, ...SOCKET_PARTS },
      // A stranger can cause these at will, so they are no errors of the gateway.
      errorHandler(error, socket, request) {
        request.log.debug({ err: error }, 'a socket failed')
        socket.terminate()
      },
    })
    // A text that a form can post is no GraphQL.
    scope.removeContentTypeParser('text/plain')
    const route = {
      url: '/graphql',
      preParsing: useReadBody,
      preHandler: [
        usePersistedDocuments(options.documents),
        options.newDocuments.limit,
        refuseSubscriptions(options.schema, options.documentStore),
      ],
      handler: (request: FastifyRequest, reply: FastifyReply) => inTime(answer(request, reply), timeoutMs),
      errorHandler: replyWithGraphQLError,
      onSend: [options.newDocuments.answered, addRequestId, compressReply],
    }
    const onRequest = [refuseCompressed, requireAcceptable]
    scope.route({ method: 'POST', ...route, onRequest })
    scope.route({
      method: 'GET',
      exposeHeadRoute: false,
      ...route,
      onRequest: [live.limit, options.answerBrowser, ...onRequest, requireKey],
      wsHandler: live.handler,
    })
    scope.route({ method: OTHER_METHODS, ...route, onRequest: refuseMethod })
    scope.addHook('preClose', async () => live.close())
  })
}

/**
 * What ws keeps of a message that comes in pieces: each costs hundreds of bytes beside its own, and ws would
 * keep 16,384 frames or 262,144 reads of a socket. No client needs so many for `maxPayload`. A client that
 * does not answer a close is waited for as long as given here, not for 30 s.
 */
export const SOCKET_PARTS = { maxFragments: 256, maxBufferedChunks: 2048, closeTimeout: 5000 }

const OTHER_METHODS: HTTPMethods[] = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

async function refuseMethod(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const message = `${request.method} means nothing here: queries and mutations come by POST, queries also by GET.`
  return sendError(request, reply.header('allow', 'GET, POST'), {
    status: 405,
    code: 'BAD_USER_INPUT',
    message,
  })
}

/**
 * A query by GET needs an API key: no form, link or picture can send one, and a cookie never counts by GET.
 * WebSockets bring their key later.
 */
function requireKey(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { authorization, upgrade } = request.headers
  if (authorization === undefined && upgrade === undefined) {
    const message = 'A query by GET needs an API key in the header "Authorization: Bearer <API key>".'
    reply.header('www-authenticate', 'Bearer')
    sendError(request, reply, { status: 401, code: 'UNAUTHENTICATED', message })
  } else {
    done()
  }
}

function addRequestId(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: DoneFuncWithErrOrRes,
) {
  // Answers may carry tokens.
  reply.header('cache-control', 'no-store')
  done(null, typeof payload === 'string' ? withRequestId(payload, request.id) : payload)
}

/** What Fastify refuses before Apollo sees it: a body that is too large or no JSON, a broken head. */
function replyWithGraphQLError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  return sendError(request, reply, refusalOf(error, request.log))
}
