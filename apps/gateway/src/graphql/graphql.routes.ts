import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { ProblemError } from '@emailauth/service/problem-error'
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
} from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { compressReply } from '../http/compress-reply.ts'
import { type LoadSheddingOptions, Overloaded, shedLoad } from '../http/load-shedding.ts'
import { requireAcceptable, responseType, sendError } from '../http/media-types.ts'
import { refuseCompressed } from '../http/request-body.ts'
import type { GatewayContext } from './context.ts'
import { inTime, OPERATION_TIMEOUT_MS, TooLate } from './deadline.ts'
import type { ErrorCode } from './errors.ts'
import type { HotPath } from './fast-path/hot-path.ts'
import { type PersistedDocuments, usePersistedDocuments } from './persisted-documents.ts'
import { refuseSubscriptions } from './refuse-subscriptions.ts'

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>
  readonly schema: GraphQLSchema
  readonly hotPath: HotPath
  readonly toContext: (
    request: FastifyRequest,
    reply: FastifyReply,
  ) => GatewayContext | Promise<GatewayContext>
  /** Subscriptions, which come over WebSocket. `close` sends everybody away. */
  readonly live: { readonly handler: WebsocketHandler; close(): void }
  readonly documents: PersistedDocuments
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
  const { apollo, hotPath, toContext, live, load, timeoutMs = OPERATION_TIMEOUT_MS } = options
  const viaApollo = fastifyApolloHandler(apollo, {
    context: async (request, reply) => toContext(request, reply),
  })
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const known = await hotPath.answer(request, () => toContext(request, reply))
    if (known === undefined) return viaApollo.call(app, request, reply)
    reply.header('content-type', `${responseType(request.headers.accept)}; charset=utf-8`)
    return known
  }
  void app.register(async (scope) => {
    shedLoad(scope, load)
    await scope.register(fastifyWebsocket, { options: { maxPayload: app.initialConfig.bodyLimit } })
    // A text that a form can post is no GraphQL.
    scope.removeContentTypeParser('text/plain')
    const route = {
      url: '/graphql',
      preHandler: [usePersistedDocuments(options.documents), refuseSubscriptions(options.schema)],
      handler: (request: FastifyRequest, reply: FastifyReply) => inTime(answer(request, reply), timeoutMs),
      errorHandler: replyWithGraphQLError,
      onSend: [addRequestId, compressReply],
    }
    const onRequest = [refuseCompressed, requireAcceptable]
    scope.route({ method: 'POST', ...route, onRequest })
    scope.route({
      method: 'GET',
      exposeHeadRoute: false,
      ...route,
      onRequest: [options.answerBrowser, ...onRequest, requireKey],
      wsHandler: live.handler,
    })
    scope.route({ method: OTHER_METHODS, ...route, onRequest: refuseMethod })
    scope.addHook('preClose', async () => live.close())
  })
}

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

/**
 * Apollo writes `errors` first, so the first bytes show whether a reply has any. Only those replies are
 * parsed.
 */
function addRequestId(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: DoneFuncWithErrOrRes,
) {
  // Answers may carry tokens.
  reply.header('cache-control', 'no-store')
  if (typeof payload !== 'string' || !payload.startsWith('{"errors":')) return done(null, payload)
  const answer: { errors: { extensions?: object }[] } = JSON.parse(payload)
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId: request.id }
  done(null, JSON.stringify(answer))
}

/** What Fastify refuses before Apollo sees it: a body that is too large or no JSON, a broken head. */
function replyWithGraphQLError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const explained = explain(error)
  if (error instanceof TooLate) request.log.warn({ err: error }, 'an operation was not answered in time')
  if (explained.status === 500) request.log.error({ err: error }, 'unforeseen error')
  return sendError(request, reply, explained)
}

function explain(error: FastifyError): { status: number; code: ErrorCode; message: string } {
  if (error instanceof ProblemError && error.problem.status === 400) {
    return { status: 400, code: 'BAD_USER_INPUT', message: error.problem.detail }
  }
  if (error instanceof Overloaded) {
    const message = 'There is more to do than can be done for the moment; try again in a second.'
    return { status: 503, code: 'SERVICE_UNAVAILABLE', message }
  }
  if (error instanceof TooLate) {
    const message = 'The operation took too long; whether it took effect is unknown.'
    return { status: 503, code: 'SERVICE_UNAVAILABLE', message }
  }
  const code = 'BAD_USER_INPUT'
  if (error.statusCode === 413)
    return { status: 413, code, message: 'The request body is larger than 64 KiB.' }
  if (error.statusCode === 415) {
    return { status: 415, code, message: 'The content type must be application/json.' }
  }
  // The integration builds a URL of the Host header, which a client can write as it likes.
  if (error.code === 'ERR_INVALID_URL') return { status: 400, code, message: 'The Host header is not valid.' }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, code, message: 'The request body is not valid JSON.' }
  }
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong here.' }
}
