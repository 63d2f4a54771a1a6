import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { GatewayContext, Services } from './context.ts'
import type { ErrorCode } from './errors.ts'

/** `POST /graphql`, and GET for queries. Whatever goes wrong is answered in GraphQL's form, with the request's id. */
export function graphqlRoutes(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  services: Services,
): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => ({
        requestId: request.id,
        caller: await identify(request, services),
        services,
      }),
    }),
    errorHandler: replyWithGraphQLError,
    onSend: addRequestId,
  })
}

async function identify(request: FastifyRequest, { callers }: Services) {
  try {
    return await callers.identify(request.headers.authorization)
  } catch (originalError) {
    request.log.error({ err: originalError }, 'the caller could not be identified')
    // Nothing else ran, so the status may say it too.
    throw new GraphQLError('The API key cannot be checked for the moment; try again in a few seconds.', {
      extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
    })
  }
}

/** Apollo puts `errors` first, so an answer with errors is told by its beginning, and only such a one is opened. */
async function addRequestId(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
  // Answers may carry tokens.
  reply.header('cache-control', 'no-store')
  if (typeof payload !== 'string' || !payload.startsWith('{"errors":')) return payload
  const answer: { errors: { extensions?: object }[] } = JSON.parse(payload)
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId: request.id }
  return JSON.stringify(answer)
}

/** What Fastify refuses before Apollo sees it: a body that is too large or no JSON, a broken head. */
function replyWithGraphQLError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const { status, code, message } = explain(error)
  if (status >= 500) request.log.error({ err: error }, 'unforeseen error')
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }))
}

function explain(error: FastifyError): { status: number; code: ErrorCode; message: string } {
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
