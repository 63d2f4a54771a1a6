import { INTERNAL_FAULT, type Problem, toProblem } from '@emailauth/contracts/problems'
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isMisdirected, sentenceTo } from './addressed-service.ts'
import { rememberMethods } from './allowed-methods.ts'
import { ProblemError } from './problem-error.ts'

/** Answers with a problem as `application/problem+json`, with the request's id in it. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds))
  if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({ ...problem, requestId: request.id })
}

/** Recognises faults of a dependency, such as an unreachable store, and returns their problem. */
export type TranslateFault = (error: unknown) => ProblemError | undefined

/**
 * Every error leaves a service as a problem. Unexpected ones are masked, and logged whole under the request
 * id.
 * @param service its name: a path that it has not, in a call for another service, is no 404
 */
export function replyWithProblems(
  app: FastifyInstance,
  service: string,
  translate: TranslateFault = () => undefined,
): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(request, reply, problemOf(translate(error) ?? error, request)),
  )
  const allowed = rememberMethods(app)
  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? ''
    const methods = allowed(path)
    if (isMisdirected(request, service))
      return sendProblem(request, reply, toProblem('misdirected', sentenceTo(service)))
    const detail = `There is no ${request.method} ${path} here.`
    if (methods.length === 0) return sendProblem(request, reply, toProblem('not-found', detail))
    reply.header('allow', methods.join(', '))
    return sendProblem(request, reply, toProblem('method-not-allowed', detail))
  }
  app.setNotFoundHandler(answerUnknown)
  // Fastify would read and parse a body first, which costs milliseconds and helps nobody.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404 && !BODYLESS.has(request.method)) answerUnknown(request, reply)
    else done()
  })
}

/** Methods whose body Fastify never reads. Pages of the dashboard are such requests, to paths of no file. */
const BODYLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'TRACE'])

/** The problem of an error. An unexpected error is masked, and logged whole. */
export function problemOf(
  fault: unknown,
  request: Pick<FastifyRequest, 'log'> | { log: Pick<FastifyBaseLogger, 'error'> },
): Problem {
  // Fastify gives what was thrown. What is no error of its own has neither code nor status.
  const error = fault as FastifyError | ProblemError
  if (error instanceof ProblemError) {
    if (error.problem.status >= 500) request.log.error({ err: error }, error.message)
    return error.problem
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
    return toProblem(
      'bad-input',
      `${field === '' ? 'The request' : field}: ${first?.message ?? 'is not valid'}`,
      { field },
    )
  }
  if (error.statusCode === 415) {
    const detail = 'The body must be JSON, with the content type application/json, and not compressed.'
    return toProblem('unsupported-media-type', detail)
  }
  if (error.statusCode === 413) return toProblem('payload-too-large', 'The request body is too large.')
  if (error.statusCode !== undefined && error.statusCode < 500) return toProblem('bad-input', error.message)
  request.log.error({ err: error }, 'unforeseen error')
  return toProblem('internal', INTERNAL_FAULT)
}
